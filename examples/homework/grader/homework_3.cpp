#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "damla/text/pre_tokenization.hpp"
#include "text.hpp"
#include "verdict.hpp"
#include "worlds/agreement.hpp"

// Homework 3: a byte-pair tokenizer. Variant: own words, in which each digit stands alone.
namespace grader {
namespace {

using Pair = std::pair<Token, Token>;
using Merges = std::vector<Pair>;  // merge i gives token 256 + i

/// The variant's words: a space belongs to what follows, digits stand alone.
std::vector<std::string_view> own_words(std::string_view text, const Mistakes& m) {
  std::vector<std::string_view> words;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t from = 0; from < text.size();) {
    std::size_t end = from + 1;
    const bool begins_with_digit = digit(text[from]);
    if (m(space_alone) && text[from] == ' ') {
    } else if (begins_with_digit) {
      while (m(digits_together) && end < text.size() && digit(text[end])) ++end;
    } else {
      while (end < text.size() && text[end] != ' ' && !digit(text[end])) ++end;
    }
    words.push_back(text.substr(from, end - from));
    from = end;
  }
  return words;
}

std::vector<std::string_view> words_of(std::string_view text, bool variant, const Mistakes& m) {
  if (m(across_words) || m(encode_across_words)) return {text};
  return variant ? own_words(text, m) : pre_tokens(text);
}

Tokens bytes_of(std::string_view word, const Mistakes& m) {
  Tokens tokens;
  for (const char c : word) {
    const int byte = static_cast<unsigned char>(c);
    tokens.push_back(m(signed_bytes) && byte >= 128 ? byte - 256 : byte);
  }
  return tokens;
}

/// Joins a pair wherever it stands in the word (or at its first place only), from left to right.
void join(Tokens& word, const Pair& pair, Token result, bool once = false) {
  for (std::size_t i = 0; i + 1 < word.size(); ++i) {
    if (word[i] != pair.first || word[i + 1] != pair.second) continue;
    word[i] = result;
    word.erase(word.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    if (once) return;
  }
}

Merges train(std::string_view text, Index vocab_size, bool variant, const Mistakes& m) {
  std::vector<std::pair<Tokens, Index>>
      words;  // each different word and how often it occurs, in the order of the text
  std::map<std::string_view, std::size_t> known;
  for (const std::string_view word : words_of(text, variant, m)) {
    const auto [entry, fresh] = known.try_emplace(word, words.size());
    if (fresh) words.push_back({bytes_of(word, m), 0});
    words[entry->second].second += m(words_counted_once) && !fresh ? 0 : 1;
  }
  Merges merges;
  for (const Index wanted = vocab_size - (m(bytes_not_counted) ? 0 : 256);
       std::ssize(merges) < wanted;) {
    struct Count {
      Index count = 0;
      std::size_t first = 0;  // where it was seen first
    };
    std::map<Pair, Count> counts;
    std::size_t place = 0;
    for (const auto& [word, weight] : words)
      for (std::size_t i = 0; i + 1 < word.size(); ++i) {
        const Pair pair{word[i], word[i + 1]};
        Count& c = counts.try_emplace(pair, Count{0, place++}).first->second;
        c.count += weight;
        if (m(overlaps_not_counted) && i + 2 < word.size() && pair.first == pair.second &&
            word[i + 2] == pair.first)
          ++i;
      }
    const Pair* best = nullptr;
    for (const auto& [pair, c] : counts) {  // from small pairs to large ones
      if (c.count < (m(rare_pairs_merged) ? 1 : 2)) continue;
      if (best) {
        const Count& b = counts.at(*best);
        if (c.count < b.count) continue;
        if (c.count == b.count && !m(ties_larger) && !(m(ties_first_seen) && c.first < b.first))
          continue;
      }
      best = &pair;
    }
    if (!best) break;
    merges.push_back(*best);
    for (auto& [word, weight] : words)
      join(word, merges.back(), static_cast<Token>(255 + std::ssize(merges)),
           m(merged_once_a_word));
  }
  return merges;
}

std::string decode_one(const Merges& merges, Token token, int depth) {
  if (token < 256 || depth == 0) return std::string(1, static_cast<char>(token));
  const Pair& pair = merges.at(static_cast<std::size_t>(token) - 256);
  return decode_one(merges, pair.first, depth - 1) + decode_one(merges, pair.second, depth - 1);
}

std::string decode(const Merges& merges, const Tokens& tokens, const Mistakes& m) {
  std::string text;
  for (const Token token : tokens) text += decode_one(merges, token, m(decode_one_level) ? 1 : -1);
  return text;
}

Tokens encode(const Merges& merges, std::string_view text, bool variant, const Mistakes& m) {
  std::map<Pair, Token> rank;
  std::map<std::string, Token> pieces;
  for (std::size_t i = 0; i < merges.size(); ++i) {
    const auto token = static_cast<Token>(256 + i);
    rank.try_emplace(merges[i], token);
    if (m(encode_longest)) pieces.try_emplace(decode_one(merges, token, -1), token);
  }
  Tokens all;
  for (const std::string_view part : words_of(text, variant, m)) {
    Tokens word = bytes_of(part, m);
    if (m(encode_last_first)) {
      for (std::size_t i = merges.size(); i-- > 0;)
        join(word, merges[i], static_cast<Token>(256 + i));
      all.insert(all.end(), word.begin(), word.end());
      continue;
    }
    if (m(encode_longest)) {
      word.clear();
      for (std::size_t i = 0; i < part.size();) {
        std::size_t length = part.size() - i;
        while (length > 1 && !pieces.contains(std::string(part.substr(i, length)))) --length;
        word.push_back(length > 1 ? pieces[std::string(part.substr(i, length))]
                                  : static_cast<unsigned char>(part[i]));
        i += length;
      }
      all.insert(all.end(), word.begin(), word.end());
      continue;
    }
    while (true) {
      const std::pair<const Pair, Token>* best = nullptr;
      for (std::size_t i = 0; i + 1 < word.size(); ++i) {
        const auto found = rank.find({word[i], word[i + 1]});
        if (found == rank.end()) continue;
        if (!best || found->second < best->second) best = &*found;
        if (m(encode_left_to_right)) break;
      }
      if (!best) break;
      join(word, best->first, best->second, m(encode_left_to_right));
    }
    all.insert(all.end(), word.begin(), word.end());
  }
  return all;
}

/// A text of made-up words, some of them often, with letters beyond ASCII, repeated letters and
/// numbers in it.
std::string draw_made_up(Random& random, Index words) {
  const std::vector<std::string> letters{"a", "b", "c", "e", "ü", "ş", "aa", "bc"};
  std::vector<std::string> known;
  std::string text;
  for (Index i = 0; i < words; ++i) {
    if (known.empty() || random.chance(0.3)) {
      std::string word;
      for (Index l = 2 + random.below(4); l > 0; --l) word += random.pick(letters);
      known.push_back(random.chance(0.2) ? std::to_string(1900 + random.below(120)) : word);
    }
    text += (text.empty() ? "" : " ") + random.pick(known);
  }
  return text;
}

Tokens flat(const Merges& merges) {
  Tokens all;
  for (const auto& [left, right] : merges) all.push_back(left), all.push_back(right);
  return all;
}
Merges pairs(const Tokens& flat) {
  Merges merges;
  for (std::size_t i = 0; i + 1 < flat.size(); i += 2) {
    const auto token = static_cast<Token>(256 + merges.size());
    if (flat[i] < 0 || flat[i + 1] < 0 || flat[i] >= token || flat[i + 1] >= token)
      throw NoAnswer{failed(say({"A merge joins tokens that are not there yet.",
                                 "Bir birleştirme, henüz olmayan tokenları birleştiriyor."}))};
    merges.push_back({flat[i], flat[i + 1]});
  }
  return merges;
}

Tokens flat_list(const Merges& merges) { return flat(merges); }
Tokens flat_list(const Tokens& tokens) { return tokens; }
Tokens flat_list(const std::string& text) {
  Tokens bytes;
  for (const char c : text) bytes.push_back(static_cast<unsigned char>(c));
  return bytes;
}

/// Compares lists where what is right and what comes of mistakes may have any length.
template <class List>
Verdict compare_lists(
    const List& answer, const std::function<List(const Mistakes&)>& outcome,
    const std::vector<Mistake>& mistakes,
    const std::function<std::string(const List& right, std::size_t at)>& describe) {
  const List right = outcome({});
  if (answer == right) return passed();
  const auto at =
      static_cast<std::size_t>(std::ranges::mismatch(answer, right).in1 - answer.begin());
  Verdict verdict = failed("");
  verdict.what = describe(right, at);
  const auto because = [&](const std::string& why, Mistake m) {
    verdict.hint = verdict.what + (why.empty() ? "" : " ") + why, verdict.mistake = m;
    return verdict;
  };
  for (const Mistake m : mistakes)
    if (answer == outcome({m})) return because(say(advice(m)), m);
  for (const Mistake a : mistakes)
    for (const Mistake b : mistakes)
      if (a < b && answer == outcome({a, b}))
        return because(say(advice(a)) + std::string(" ") + say(advice(b)), a);
  // Also in the answer, so that in_turn can tell whether it is always the same.
  const Tokens list = flat_list(answer);
  verdict.answer = {Matrix(1, std::ssize(list))};
  for (Index i = 0; i < std::ssize(list); ++i)
    verdict.answer[0](0, i) = list[static_cast<std::size_t>(i)];
  const Relation relation = how(list, flat_list(right));
  return because(relation.text, relation.mistake);
}

/// The i-th token of a list for people: "97", or "nothing" behind its end.
std::string item(const Tokens& list, std::size_t i) {
  return i < list.size() ? std::to_string(list[i]) : say({"nothing", "hiçbir şey"});
}
std::string item(const Merges& list, std::size_t i) {
  return i < list.size() ? fmt::format("({}, {})", list[i].first, list[i].second)
                         : say({"nothing", "hiçbir şey"});
}
template <class List>
std::function<std::string(const List&, std::size_t)> first_difference(const char* name,
                                                                      const List& answer) {
  return [name, &answer](const List& right, std::size_t at) {
    return say({"{} {} is {}, and {} would be right.", "{} {}: {} geldi, doğrusu {}."}, name, at,
               item(answer, at), item(right, at));
  };
}

/// A question about byte pairs: merges to use, or the size of the vocabulary to learn.
struct Asked {
  std::string text;
  Merges merges = {};
  Index vocab_size = 0;
};

/// How often a pair occurs in the text once these merges are applied.
Index occurrences(const Asked& c, const Merges& merges, const Pair& pair, bool variant) {
  Index count = 0;
  for (const std::string_view part : words_of(c.text, variant, {})) {
    Tokens word = bytes_of(part, {});
    for (std::size_t i = 0; i < merges.size(); ++i)
      join(word, merges[i], static_cast<Token>(256 + i));
    for (std::size_t i = 0; i + 1 < word.size(); ++i) count += Pair{word[i], word[i + 1]} == pair;
  }
  return count;
}

Verdict grade_train(Talk& talk, const std::vector<Asked>& cases, bool variant) {
  return in_turn(
      talk, turns<Asked>(cases, [variant](Talk& who, Index object, const Asked& c) {
        const Values values = who.ask("train", {number(object), c.text, number(c.vocab_size)});
        const Tokens& raw = std::get<Tokens>(values.at(0));
        Merges answer;
        for (std::size_t i = 0; i + 1 < raw.size(); i += 2) answer.push_back({raw[i], raw[i + 1]});
        std::vector<Mistake> mistakes{ties_larger,        ties_first_seen,      across_words,
                                      words_counted_once, bytes_not_counted,    rare_pairs_merged,
                                      merged_once_a_word, overlaps_not_counted, signed_bytes};
        if (variant) mistakes = all_of(mistakes, {space_alone, digits_together});
        Verdict verdict = compare_lists<Merges>(
            answer, [&](const Mistakes& m) { return train(c.text, c.vocab_size, variant, m); },
            mistakes, first_difference(say({"merge", "birleştirme"}), answer));
        if (verdict.passed || known_by_its_numbers(verdict.mistake)) return verdict;
        const Merges right = train(c.text, c.vocab_size, variant, {});
        const auto at = std::ranges::mismatch(answer, right).in1 - answer.begin();
        if (at == std::ssize(answer) || at == std::ssize(right)) return verdict;
        const Merges learned(right.begin(), right.begin() + at);
        const auto k = static_cast<std::size_t>(at);
        verdict.hint += say({" Where these are joined, {} occurs {} times and {} {} times.",
                             " Bunların birleştirileceği yerde {} {} kez, {} {} kez geçiyor."},
                            item(answer, k), occurrences(c, learned, answer[k], variant),
                            item(right, k), occurrences(c, learned, right[k], variant));
        return verdict;
      }));
}

/// Whether wrong tokens stand for the right text at least.
std::string what_they_stand_for(const Tokens& answer, const Asked& c, std::size_t right) {
  for (const Token token : answer)
    if (token < 0 || token >= 256 + std::ssize(c.merges))
      return say({"There is no token {}.", "{} diye bir token yok."}, token);
  const std::string text = decode(c.merges, answer, {});
  if (text != c.text)
    return say({"These tokens stand for another text, from byte {} on.",
                "Bu tokenlar {}. bayttan sonra başka bir metni anlatıyor."},
               std::ranges::mismatch(text, c.text).in1 - text.begin());
  if (answer.size() > right)
    return say(
        {"They stand for the right text: merges that still fit are not applied, or others came "
         "before those learned first.",
         "Anlattıkları metin doğru: hâlâ uyan birleştirmeler uygulanmamış ya da önce "
         "öğrenilenlerden önce başkaları uygulanmış."});
  return say(
      {"They stand for the right text: the merges are applied in another order, or from another "
       "side.",
       "Anlattıkları metin doğru: birleştirmeler başka sırayla ya da başka yandan "
       "uygulanmış."});
}

Verdict grade_encode(Talk& talk, const std::vector<Asked>& cases, bool variant) {
  return in_turn(
      talk, turns<Asked>(cases, [variant](Talk& who, Index object, const Asked& c) {
        const Values values = who.ask("encode", {number(object), flat(c.merges), c.text});
        const Tokens& answer = std::get<Tokens>(values.at(0));
        std::vector<Mistake> mistakes{encode_left_to_right, encode_longest, encode_across_words,
                                      encode_last_first, signed_bytes};
        if (variant) mistakes = all_of(mistakes, {space_alone, digits_together});
        Verdict verdict = compare_lists<Tokens>(
            answer, [&](const Mistakes& m) { return encode(c.merges, c.text, variant, m); },
            mistakes, first_difference("token", answer));
        if (verdict.passed || known_by_its_numbers(verdict.mistake)) return verdict;
        verdict.hint +=
            " " + what_they_stand_for(answer, c, encode(c.merges, c.text, variant, {}).size());
        return verdict;
      }));
}

/// (d, d) occurs six times, (d, f) five times; who counts "ddd" as one pair finds four and five.
const std::string few_pairs = "dddd dddd dfdf dfdf df ";

/// Another text than the merges were learned from; then merges across words, which must not be
/// applied; then other merges, of the same object and of another.
Verdict grade_encode(Talk& talk, Random& random, bool variant) {
  const std::string text = draw_made_up(random, 200), other = draw_made_up(random, 150);
  const Merges merges = train(text, 300, variant, {});
  const Verdict verdict = grade_encode(
      talk, {{draw_made_up(random, 600), merges}, {other, train(other, 290, variant, {})}},
      variant);
  if (!verdict.passed) return verdict;
  return grade_encode(talk,
                      {{text, train(text, 300, variant, {across_words})},
                       {other, merges},
                       {text + " " + other, merges},
                       {"", merges},
                       {text, train(other, 280, variant, {})},
                       {text, merges}},
                      variant);
}

/// A training, another one of the same tokenizer, and one of another tokenizer.
std::vector<Asked> trainings(Random& random, const std::string& text, Index vocab_size) {
  const auto more = [&](Index words, Index size) {
    return Asked{.text = draw_made_up(random, words), .vocab_size = size};
  };
  return {{.text = text, .vocab_size = vocab_size},
          more(100, vocab_size),
          more(150, vocab_size + 4),
          more(60, 258),
          more(120, vocab_size),
          {.text = text, .vocab_size = vocab_size}};
}

/// The variant's cuts, as the words' lengths.
Verdict grade_words(Talk& talk, Random& random) {
  const std::string text = draw_made_up(random, 60);
  const auto lengths = [&](const Mistakes& m) {
    Tokens all;
    for (const std::string_view word : own_words(text, m))
      all.push_back(static_cast<Token>(word.size()));
    return all;
  };
  const Values values = talk.ask("words", {text});
  const Tokens& answer = std::get<Tokens>(values.at(0));
  return compare_lists<Tokens>(
      answer, lengths, {space_alone, digits_together},
      first_difference(say({"the length of word", "kelime uzunluğu,"}), answer));
}

Verdict grade_decode(Talk& talk, Random& random, bool variant) {
  struct Coded {
    Merges merges;
    Tokens tokens;
  };
  std::vector<Coded> cases;
  for (const Index count : {60, 60, 90, 20, 60, 60}) {
    const Merges merges = train(draw_made_up(random, 200), 300, variant, {});
    Tokens tokens;
    for (Index i = 0; i < count; ++i)
      tokens.push_back(static_cast<Token>(random.below(256 + std::ssize(merges))));
    cases.push_back({merges, tokens});
  }
  return in_turn(
      talk, turns<Coded>(cases, [](Talk& who, Index object, const Coded& c) {
        const Values values = who.ask("decode", {number(object), flat(c.merges), c.tokens});
        const std::string answer = std::get<std::string>(values.at(0));
        return compare_lists<std::string>(
            answer, [&](const Mistakes& m) { return decode(c.merges, c.tokens, m); },
            {decode_one_level},
            [&](const std::string&, std::size_t at) {
              std::size_t end = 0;
              for (const Token token : c.tokens)
                if ((end += decode(c.merges, {token}, {}).size()) > at)
                  return token < 256
                             ? say({"Byte {} of the text is wrong; it is token {} itself.",
                                    "Metnin {}. baytı yanlış; {} tokenının kendisi."},
                                   at, token)
                             : say({"Byte {} of the text is wrong; it belongs to token {}, which "
                                    "joins "
                                    "{}.",
                                    "Metnin {}. baytı yanlış; {} tokenına ait, o da {} birleşimi."},
                                   at, token,
                                   item(c.merges, static_cast<std::size_t>(token) - 256));
              return std::string(say(
                  {"The text goes on behind its end.", "Metin, bitmesi gereken yerde sürüyor."}));
            });
      }));
}

/// A GPT trained on the student's tokens. Its loss is measured here per byte, so that more tokens
/// are no advantage.
Verdict grade_gpt(Talk& talk, Random& random, bool variant) {
  std::string text, held_out;
  for (int i = 0; i < 4000; ++i)
    (i < 3600 ? text : held_out) += damla::worlds::agreement_sentence(random).text() + "\n";
  const Values values =
      talk.ask("training", {text, Tokens{350}, Tokens{static_cast<Token>(random.below(1000))}});
  const Merges merges = pairs(std::get<Tokens>(values.at(0)));
  Matrices parameters;
  for (std::size_t i = 1; i < values.size(); ++i) parameters.push_back(std::get<Matrix>(values[i]));
  const Shape shape{.T = 16, .heads = 4};
  expect_sizes(parameters, gpt_sizes(256 + std::ssize(merges), shape.T, 32, 1));
  const Tokens tokens = encode(merges, held_out, variant, {});
  const double bytes = static_cast<double>(held_out.size()),
               count = static_cast<double>(tokens.size());
  return reached(gpt_loss(parameters, shape, tokens) * count / bytes, 0.36, std::log(256.0));
}

}  // namespace

Homework byte_pair(bool variant) {
  std::vector<Part> parts{
      {"first merge",
       {"train: the first merge", "train: ilk birleştirme"},
       15,
       10,
       [variant](Talk& talk, Random& random) {
         return grade_train(talk, trainings(random, draw_made_up(random, 150), 257), variant);
       }},
      {"merges",
       {"train: all merges", "train: bütün birleştirmeler"},
       variant ? 20 : 25,
       10,
       [variant](Talk& talk, Random& random) {
         return grade_train(talk, trainings(random, draw_made_up(random, 200), 290), variant);
       },
       "first merge"},
      {"few pairs",
       {"train: ties, and an early end", "train: eşitlikler ve erken bitiş"},
       variant ? 5 : 10,
       10,
       [variant](Talk& talk, Random& random) {
         return grade_train(
             talk, {{.text = few_pairs + draw_made_up(random, 25), .vocab_size = 400}}, variant);
       }},
      {"encode",
       {"encode", "encode"},
       25,
       10,
       [variant](Talk& talk, Random& random) { return grade_encode(talk, random, variant); }},
      {"decode",
       {"decode", "decode"},
       10,
       10,
       [variant](Talk& talk, Random& random) { return grade_decode(talk, random, variant); }},
      {"training",
       {"a GPT trains on its tokens", "tokenlarıyla bir GPT eğitilir"},
       15,
       120,
       [variant](Talk& talk, Random& random) { return grade_gpt(talk, random, variant); }}};
  if (variant) parts.insert(parts.begin(), {"words", {"words", "words"}, 10, 10, grade_words});
  return {variant ? Text{"byte pairs with words of your own", "kendi kelimelerinizle bayt çiftleri"}
                  : Text{"byte-pair tokenizer", "bayt çifti tokenizer'ı"},
          parts};
}

}  // namespace grader
