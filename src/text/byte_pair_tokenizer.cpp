#include "damla/text/byte_pair_tokenizer.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <limits>
#include <queue>

#include "damla/text/unicode.hpp"
#include "text/frequent_words.hpp"
#include "text/hash_table.hpp"
#include "text/parts.hpp"
#include "text/special_tokens.hpp"
#include "text/text_files.hpp"

namespace damla { inline namespace DAMLA_ABI {
namespace {

std::uint64_t pair_key(Token left, Token right) {
  return std::uint64_t{static_cast<std::uint32_t>(left)} << 32 | static_cast<std::uint32_t>(right);
}

std::size_t scattered(std::uint64_t key) {
  return static_cast<std::size_t>(key * 0x9E3779B97F4A7C15u >> 32);
}

// What bounds the memory, which is about 30 bytes for each byte of a word that is encoded, and 40
// for one that is learned from. Words of a text are far from the first; those of some hundred
// megabytes come to the second.
constexpr std::size_t longest_word = 1 << 20, words_to_learn = 1 << 23;

// Words of which a thread knows the tokens, since it has encoded them: of any tokenizer and any
// text, so that one that comes line by line is encoded as fast as the whole. A table of 2 MB in
// which a word replaces the one that was at its place.
struct KnownWord {
  std::uint64_t bytes[3] = {};
  std::uint32_t tokenizer = 0;  // its identity
  std::uint8_t size = 0, count = 0;
  Token tokens[8] = {};

  bool same(const KnownWord& o) const {
    return bytes[0] == o.bytes[0] && bytes[1] == o.bytes[1] && bytes[2] == o.bytes[2] &&
           tokenizer == o.tokenizer && size == o.size;
  }
};

KnownWord& known_word(const KnownWord& word) {
  thread_local std::vector<KnownWord> table(1 << 15);
  std::uint64_t key = word.tokenizer;
  for (const std::uint64_t bytes : word.bytes) key = scattered(key ^ bytes) ^ (key << 32);
  return table[scattered(key) % table.size()];
}

}  // namespace

BytePairTokenizer::BytePairTokenizer() {
  static std::atomic<std::uint32_t> made = 0;
  identity_ = ++made;
}

BytePairTokenizer::BytePairTokenizer(const BytePairParts& parts) : BytePairTokenizer() {
  rules_ = parts.rules;
  const bool metaspace = rules_.pre_tokenization == PreTokenization::metaspace;
  enum class Role : unsigned char { text, special, byte };
  std::vector<Role> roles(parts.pieces.size());
  const auto set = [&](Token token, Role role) {
    const std::string& piece = detail::piece_of("BytePairTokenizer", parts.pieces, token);
    Role& known = roles[static_cast<std::size_t>(token)];
    if (role == Role::byte && known != Role::text)
      throw Error(fmt::format("token {}, \"{}\", is a byte and something else", token, piece));
    known = role;
  };
  require(std::ssize(parts.byte_tokens) == (metaspace ? 256 : 0),
          "BytePairTokenizer: a metaspace tokenizer needs 256 byte tokens, any other none");
  for (const Token t : parts.special_tokens) set(t, Role::special);
  for (const Token t : parts.byte_tokens) set(t, Role::byte);
  for (std::size_t i = 0; i < parts.pieces.size(); ++i) {
    const std::string& piece = parts.pieces[i];
    if (roles[i] == Role::special) {
      add_special(piece);
      continue;
    }
    pieces_.push_back(piece);
    if (piece.empty()) throw Error(fmt::format("piece {} is empty", i));
    if (roles[i] == Role::text && !tokens_.emplace(piece, static_cast<Token>(i)).second)
      throw Error(fmt::format("the piece \"{}\" is there twice", detail::to_visible(piece)));
    if (metaspace &&
        piece.find(' ', std::min(piece.find_first_not_of(' '), piece.size())) != piece.npos)
      throw Error(fmt::format(
          "the piece \"{}\" has a space behind another character, where damla cuts the text",
          piece));
  }
  for (std::size_t b = 0; b < 256; ++b) {
    const std::string byte(1, static_cast<char>(static_cast<unsigned char>(b)));
    if (metaspace) {
      byte_tokens_[b] = parts.byte_tokens[b];
      if (bytes(byte_tokens_[b]) != byte)
        throw Error(fmt::format("token {} is not the byte 0x{:02X}", byte_tokens_[b], b));
      continue;
    }
    const auto found = tokens_.find(byte);
    if (found == tokens_.end())
      throw Error(fmt::format("there is no piece for the byte 0x{:02X}", b));
    byte_tokens_[b] = found->second;
  }
  for (const auto& [left, right] : parts.merges) {
    for (const Token t : {left, right}) {
      detail::piece_of("BytePairTokenizer", parts.pieces, t);
      if (roles[static_cast<std::size_t>(t)] != Role::text)
        throw Error(fmt::format("the merge [{},{}] has a special token", left, right));
    }
    add_merge(left, right);
  }
}

void BytePairTokenizer::add_merge(Token left, Token right) {
  const std::string joined =
      pieces_[static_cast<std::size_t>(left)] + pieces_[static_cast<std::size_t>(right)];
  const auto found = tokens_.find(joined);
  if (found == tokens_.end())
    throw Error(fmt::format("\"{}\" is the result of a merge, but not a piece", joined));
  if (rank(left, right) >= 0)
    throw Error(fmt::format("the merge of {} and {} is there twice", left, right));
  merges_.push_back({left, right, found->second});
  detail::add_number(ranks_, static_cast<std::int32_t>(merges_.size() - 1), [&](std::int32_t n) {
    const Merge& merge = merges_[static_cast<std::size_t>(n)];
    return scattered(pair_key(merge.left, merge.right));
  });
}

// The place of a merge in their order, or -1.
std::int32_t BytePairTokenizer::rank(Token left, Token right) const {
  return detail::find_number(ranks_, scattered(pair_key(left, right)), [&](std::int32_t n) {
    const Merge& merge = merges_[static_cast<std::size_t>(n)];
    return merge.left == left && merge.right == right;
  });
}

Token BytePairTokenizer::add_special(std::string text) {
  if (text.empty() || !valid_utf8(text))
    throw Error("BytePairTokenizer: a special token is empty or not UTF-8");
  const auto token = static_cast<Token>(pieces_.size());
  if (!special_.emplace(text, token).second)
    throw Error(fmt::format("BytePairTokenizer: the special token \"{}\" is there already", text));
  pieces_.push_back(std::move(text));
  special_tokens_.push_back(token);
  return token;
}

Token BytePairTokenizer::special(std::string_view text) const {
  const auto found = special_.find(text);
  if (found == special_.end())
    throw Error(fmt::format("BytePairTokenizer::special: there is no special token \"{}\"", text));
  return found->second;
}

void BytePairTokenizer::encode_word(std::string_view word, Tokens& tokens) const {
  std::array<Token, 64> few;
  std::vector<Token> many;
  std::size_t n = 0;
  const auto add = [&](Token token) {
    if (n < few.size()) few[n] = token;
    else {
      if (n == few.size()) many.assign(few.begin(), few.end());
      many.push_back(token);
    }
    ++n;
  };
  const auto add_bytes = [&](std::string_view bytes) {
    for (const char byte : bytes) add(byte_tokens_[static_cast<unsigned char>(byte)]);
  };
  if (rules_.pre_tokenization == PreTokenization::metaspace) {
    for (std::size_t i = 0; i < word.size();) {
      const std::string_view character = word.substr(i, next_code_point(word, i).length);
      const auto found = tokens_.find(std::string(character));
      if (found != tokens_.end()) add(found->second);
      else add_bytes(character);
      i += character.size();
    }
  } else {
    add_bytes(word);
  }
  if (n <= few.size()) merge_few({few.data(), n}, tokens);
  else merge_many(many, tokens);
}

// All places of one merge at once, from left to right; what they make possible comes after them, as
// in GPT-2. Which merge is next is looked for among all neighbours.
void BytePairTokenizer::merge_few(std::span<Token> symbols, Tokens& tokens) const {
  constexpr std::int32_t none = std::numeric_limits<std::int32_t>::max(), unknown = -1;
  std::array<std::int32_t, 64> ranks;  // of the merge of a symbol and the next
  ranks.fill(unknown);
  for (std::size_t n = symbols.size();;) {
    std::int32_t best = none;
    ranks[n - 1] = none;
    for (std::size_t i = 0; i + 1 < n; ++i) {
      if (ranks[i] == unknown) {
        ranks[i] = rank(symbols[i], symbols[i + 1]);
        if (ranks[i] < 0) ranks[i] = none;
      }
      best = std::min(best, ranks[i]);
    }
    if (best == none) {
      tokens.insert(tokens.end(), symbols.begin(), symbols.begin() + static_cast<Index>(n));
      return;
    }
    std::size_t to = 0;
    for (std::size_t i = 0; i < n; ++i, ++to) {
      symbols[to] = symbols[i], ranks[to] = ranks[i];
      if (ranks[i] != best) continue;
      symbols[to] = merges_[static_cast<std::size_t>(best)].result, ranks[to] = unknown;
      if (to > 0) ranks[to - 1] = unknown;
      ++i;
    }
    n = to;
  }
}

// The same for a long word: neighbours are a linked list, the merges that are possible wait in a
// queue, lowest rank first. So a word of n bytes takes n·log n steps, even when it is a megabyte.
void BytePairTokenizer::merge_many(std::span<const Token> word, Tokens& tokens) const {
  struct Candidate {
    std::int32_t rank, place;
    bool operator>(const Candidate& o) const {
      return rank != o.rank ? rank > o.rank : place > o.place;
    }
  };
  struct Symbol {
    Token token;  // -1 when merged into the one before
    std::int32_t before, after;
  };
  std::vector<Symbol> symbols;
  std::vector<Candidate> queue, later;
  const auto n = static_cast<std::int32_t>(word.size());
  for (std::int32_t i = 0; i < n; ++i)
    symbols.push_back({word[static_cast<std::size_t>(i)], i - 1, i + 1 < n ? i + 1 : -1});
  const auto at = [&](std::int32_t i) -> Symbol& { return symbols[static_cast<std::size_t>(i)]; };
  const auto offer = [&](std::int32_t place, std::vector<Candidate>& list) {
    if (place < 0 || at(place).after < 0) return;
    const std::int32_t found = rank(at(place).token, at(at(place).after).token);
    if (found >= 0) list.push_back({found, place});
  };
  for (std::int32_t i = 0; i < n; ++i) offer(i, queue);
  std::make_heap(queue.begin(), queue.end(), std::greater<>());
  while (!queue.empty()) {
    const std::int32_t rank = queue.front().rank;
    const Merge& merge = merges_[static_cast<std::size_t>(rank)];
    later.clear();
    while (!queue.empty() && queue.front().rank == rank) {
      const std::int32_t place = queue.front().place;
      std::pop_heap(queue.begin(), queue.end(), std::greater<>());
      queue.pop_back();
      Symbol& left = at(place);
      if (left.token != merge.left || left.after < 0 || at(left.after).token != merge.right)
        continue;  // out of date
      at(left.after).token = -1;
      left.token = merge.result;
      left.after = at(left.after).after;
      if (left.after >= 0) at(left.after).before = place;
      offer(left.before, later);
      offer(place, later);
    }
    for (const Candidate& candidate : later) {
      queue.push_back(candidate);
      std::push_heap(queue.begin(), queue.end(), std::greater<>());
    }
  }
  for (std::int32_t i = 0; i >= 0; i = at(i).after) tokens.push_back(at(i).token);
}

void BytePairTokenizer::encode_part(std::string_view text, bool first, Tokens& tokens) const {
  const bool metaspace = rules_.pre_tokenization == PreTokenization::metaspace;
  const std::size_t before = tokens.size();
  std::string normal, spaced;
  for (std::size_t begin = 0, end; begin < text.size(); begin = end) {
    detail::make_room(tokens, before, begin, text.size());
    end = cut_between_words(text, begin + detail::part_size, metaspace ? " " : " \n");
    std::string_view part = text.substr(begin, end - begin);
    if (rules_.nfc) part = normal = nfc(part);
    if (metaspace) {
      spaced = detail::from_visible_spaces(part);  // its files cannot tell ▁ from a space
      if (begin == 0 && (rules_.space_in_front == SpaceInFront::every_part ||
                         (rules_.space_in_front == SpaceInFront::first_part && first &&
                          !spaced.starts_with(' '))))
        spaced.insert(0, 1, ' ');
      part = spaced;
    }
    for (std::size_t from = 0, to; from < part.size(); from = to) {
      to = pre_token_end(part, from, rules_.pre_tokenization);
      encode_known(part.substr(from, to - from), tokens);
    }
  }
}

// A word of which the tokens may be known already.
void BytePairTokenizer::encode_known(std::string_view word, Tokens& tokens) const {
  KnownWord here{.tokenizer = identity_, .size = static_cast<std::uint8_t>(word.size())};
  const bool may_be_known = word.size() <= sizeof here.bytes;
  if (may_be_known) {
    std::memcpy(here.bytes, word.data(), word.size());
    const KnownWord& known = known_word(here);
    if (known.same(here)) {
      tokens.insert(tokens.end(), known.tokens, known.tokens + known.count);
      return;
    }
  }
  const std::size_t begin = tokens.size();
  const auto whole = rules_.whole_words_first ? tokens_.find(std::string(word)) : tokens_.end();
  if (whole != tokens_.end()) tokens.push_back(whole->second);
  else
    for (std::size_t i = 0; i < word.size(); i += longest_word)
      encode_word(word.substr(i, longest_word), tokens);
  const std::size_t count = tokens.size() - begin;
  if (!may_be_known || count > std::size(here.tokens)) return;
  here.count = static_cast<std::uint8_t>(count);
  std::copy_n(tokens.end() - static_cast<Index>(count), count, here.tokens);
  known_word(here) = here;
}

Tokens BytePairTokenizer::encode(std::string_view text) const {
  Tokens tokens;
  if (!text.empty()) encode_part(text, true, tokens);
  return tokens;
}

Tokens BytePairTokenizer::encode_with_special(std::string_view text, std::string_view plain) const {
  Tokens tokens;
  detail::split_at_special(
      text, special_,
      [&](std::string_view part) { encode_part(part, part.data() == text.data(), tokens); },
      [&](Token t) { tokens.push_back(t); }, plain);
  return tokens;
}

std::string BytePairTokenizer::decode(TokenSpan tokens) const {
  std::string text;
  for (const Token t : tokens) text += detail::piece_of("BytePairTokenizer::decode", pieces_, t);
  if (rules_.space_in_front != SpaceInFront::never && text.starts_with(' ')) text.erase(0, 1);
  return text;
}

std::string_view BytePairTokenizer::bytes(Token token) const {
  return detail::piece_of("BytePairTokenizer::bytes", pieces_, token);
}

std::string BytePairTokenizer::piece(Token token) const {
  const std::string& bytes = detail::piece_of("BytePairTokenizer::piece", pieces_, token);
  std::string shown;
  for (std::size_t i = 0; i < bytes.size();) {
    const CodePoint c = next_code_point(bytes, i);
    for (std::size_t k = i; k < i + c.length; ++k)
      if (c.valid) shown += bytes[k];
      else shown += fmt::format("\\x{:02X}", static_cast<unsigned char>(bytes[k]));
    i += c.length;
  }
  return shown;
}

BytePairTokenizer BytePairTokenizer::train(std::string_view text, const BytePairOptions& options) {
  return learn([&](const ByteSink& count) { count(text); }, options);
}

BytePairTokenizer BytePairTokenizer::train(const std::function<void(const ByteSink&)>& read,
                                           const BytePairOptions& options) {
  for (const std::string& special : options.special_tokens)
    if (special.find_first_of(" \n") != special.npos)
      throw Error(fmt::format(
          "BytePairTokenizer::train: the special token \"{}\" has white space, where a text that "
          "comes in blocks may be cut",
          detail::shown(special)));
  return learn(
      [&](const ByteSink& count) {
        detail::TextParts parts(count);
        read([&](std::string_view block) { parts.add(block); });
        parts.finish();
      },
      options);
}

// Each different word once, with how often it occurs; of a large text the most frequent.
static std::vector<std::pair<std::string, Index>> count_words(
    const std::function<void(const ByteSink&)>& read_parts, const BytePairOptions& options) {
  detail::FrequentWords words(words_to_learn);
  const auto special = detail::special_tokens(options.special_tokens, 0);
  const auto count = [&](std::string_view plain) {
    for (std::size_t begin = 0, end; begin < plain.size(); begin = end) {
      end = pre_token_end(plain, begin, options.pre_tokenization);
      words.add(plain.substr(begin, end - begin));
    }
  };
  read_parts(
      [&](std::string_view part) { detail::split_at_special(part, special, count, [](Token) {}); });
  auto frequent = words.take();
  if (words.forgotten() > 0.5)
    throw Error(
        "BytePairTokenizer::train: over half of the text is words that hardly ever come again; "
        "train on a part of it, and look whether its words have spaces between them");
  return frequent;
}

// Training keeps every place of every pair: a merge touches only the places of its own pair and
// their neighbours, so the text is never counted again.
BytePairTokenizer BytePairTokenizer::learn(const std::function<void(const ByteSink&)>& read_parts,
                                           const BytePairOptions& options) {
  BytePairTokenizer tokenizer;
  tokenizer.rules_.pre_tokenization = options.pre_tokenization;
  require(options.pre_tokenization != PreTokenization::metaspace,
          "BytePairTokenizer::train: metaspace pieces begin as characters and are only read from "
          "files: choose another pre_tokenization");
  const Index before_merges = 256 + std::ssize(options.special_tokens);
  if (options.vocab_size < before_merges)
    throw Error(fmt::format(
        "BytePairTokenizer::train: vocab_size is {}, but 256 bytes and {} special tokens need {}",
        options.vocab_size, options.special_tokens.size(), before_merges));
  const Index merges_wanted = options.vocab_size - before_merges;
  for (int b = 0; b < 256; ++b) {
    tokenizer.pieces_.push_back(std::string(1, static_cast<char>(static_cast<unsigned char>(b))));
    tokenizer.tokens_[tokenizer.pieces_.back()] = b;
    tokenizer.byte_tokens_[b] = b;
  }

  const auto words = count_words(read_parts, options);
  struct Symbol {
    Token token;  // -1 when merged into the one before
    std::int32_t before, after, word;
  };
  struct Pair {
    Token left, right;
    Index count = 0;
    bool changed = false;
    std::vector<std::int32_t> places = {};  // of the left symbol, ascending; some are out of date
  };
  std::vector<Symbol> symbols;
  std::vector<Index> weights;  // of each word: how often it occurs
  std::vector<Pair> pairs;
  std::unordered_map<std::uint64_t, std::size_t> pair_index;
  const auto at = [&](std::int32_t i) -> Symbol& { return symbols[static_cast<std::size_t>(i)]; };
  const auto pair_of = [&](Token left, Token right) {
    const auto [entry, fresh] = pair_index.try_emplace(pair_key(left, right), pairs.size());
    if (fresh) pairs.push_back({left, right});
    return entry->second;
  };
  std::vector<std::size_t> changed;  // pairs whose count rose
  const auto gain = [&](std::int32_t place) {
    const std::size_t k = pair_of(at(place).token, at(at(place).after).token);
    pairs[k].count += weights[static_cast<std::size_t>(at(place).word)];
    pairs[k].places.push_back(place);
    if (!std::exchange(pairs[k].changed, true)) changed.push_back(k);
  };
  const auto lose = [&](std::int32_t place) {
    pairs[pair_of(at(place).token, at(at(place).after).token)].count -=
        weights[static_cast<std::size_t>(at(place).word)];
  };

  std::size_t bytes = 0;
  for (const auto& word : words) bytes += word.first.size();
  symbols.reserve(bytes), weights.reserve(words.size());
  for (const auto& [word, count] : words) {
    weights.push_back(count);
    for (std::size_t i = 0; i < word.size(); ++i) {
      const auto here = static_cast<std::int32_t>(symbols.size());
      symbols.push_back({static_cast<unsigned char>(word[i]), i > 0 ? here - 1 : -1,
                         i + 1 < word.size() ? here + 1 : -1,
                         static_cast<std::int32_t>(weights.size() - 1)});
      if (i > 0) gain(here - 1);
    }
  }

  struct Candidate {
    Index count;  // may be out of date: too high, never too low
    Token left, right;
    std::size_t pair;
    bool operator<(const Candidate& o) const {
      return count != o.count ? count < o.count : left != o.left ? left > o.left : right > o.right;
    }
  };
  std::priority_queue<Candidate> queue;
  const auto offer = [&](std::size_t k) {
    if (pairs[k].count >= 2) queue.push({pairs[k].count, pairs[k].left, pairs[k].right, k});
  };
  while (true) {
    for (const std::size_t k : changed) pairs[k].changed = false, offer(k);
    changed.clear();
    if (queue.empty() || static_cast<Index>(tokenizer.merges_.size()) == merges_wanted) break;
    const Candidate best = queue.top();
    queue.pop();
    if (best.count != pairs[best.pair].count) {
      offer(best.pair);
      continue;
    }
    std::string joined =
        std::string(tokenizer.bytes(best.left)).append(tokenizer.bytes(best.right));
    const auto token = static_cast<Token>(tokenizer.pieces_.size());
    if (!tokenizer.tokens_.emplace(joined, token).second)
      continue;  // another pair gave this piece already
    tokenizer.pieces_.push_back(std::move(joined));
    tokenizer.add_merge(best.left, best.right);

    const std::vector<std::int32_t> places = std::move(pairs[best.pair].places);
    for (const std::int32_t place : places) {
      const std::int32_t right = at(place).after;
      if (at(place).token != best.left || right < 0 || at(right).token != best.right) continue;
      const std::int32_t before = at(place).before, after = at(right).after;
      lose(place);
      if (before >= 0) lose(before);
      if (after >= 0) lose(right);
      at(right).token = -1;
      at(place).token = token;
      at(place).after = after;
      if (after >= 0) at(after).before = place;
      if (before >= 0) gain(before);
      if (after >= 0) gain(place);
    }
  }
  for (const std::string& special : options.special_tokens) tokenizer.add_special(special);
  return tokenizer;
}

}}  // namespace damla::DAMLA_ABI
