#include "damla/text/byte_pair_tokenizer.hpp"

#include <algorithm>
#include <queue>

#include "damla/text/unicode.hpp"
#include "text/special_tokens.hpp"
#include "text/text_files.hpp"

namespace damla { inline namespace DAMLA_ABI {
namespace {

std::uint64_t pair_key(Token left, Token right) {
  return std::uint64_t{static_cast<std::uint32_t>(left)} << 32 | static_cast<std::uint32_t>(right);
}

// What bounds the memory, which is about 30 bytes for each byte of a word that is encoded, and 50
// for one that is learned from. Words of a text are far from all three.
constexpr std::size_t longest_word = 1 << 20, words_remembered = 1 << 18, words_to_learn = 1 << 26;

}  // namespace

BytePairTokenizer::BytePairTokenizer(const BytePairParts& parts) : rules_(parts.rules) {
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
  if (!rank_.emplace(pair_key(left, right), static_cast<std::int32_t>(merges_.size())).second)
    throw Error(fmt::format("the merge of {} and {} is there twice", left, right));
  merges_.push_back({left, right, found->second});
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

// Merging one word: neighbours are a linked list, the merges that are possible wait in a queue,
// lowest rank first. So a word of n bytes takes n·log n steps, even when it is a megabyte long.
struct BytePairTokenizer::Scratch {
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
};

void BytePairTokenizer::encode_word(std::string_view word, Tokens& tokens, Scratch& scratch) const {
  auto& [symbols, queue, later] = scratch;
  symbols.clear();
  const auto add = [&symbols = symbols](Token token) {
    const auto here = static_cast<std::int32_t>(symbols.size());
    symbols.push_back({token, here - 1, here + 1});
  };
  const auto add_bytes = [&](std::string_view bytes) {
    for (const char byte : bytes) add(byte_tokens_[static_cast<unsigned char>(byte)]);
  };
  if (rules_.pre_tokenization == PreTokenization::metaspace) {
    for (const std::string_view character : code_points(word)) {
      const auto found = tokens_.find(std::string(character));
      if (found != tokens_.end()) add(found->second);
      else add_bytes(character);
    }
  } else {
    add_bytes(word);
  }
  const auto n = static_cast<std::int32_t>(symbols.size());
  symbols.back().after = -1;
  const auto at = [&symbols = symbols](std::int32_t i) -> Scratch::Symbol& {
    return symbols[static_cast<std::size_t>(i)];
  };
  const auto offer = [&](std::int32_t place, std::vector<Scratch::Candidate>& list) {
    if (place < 0 || at(place).after < 0) return;
    const auto found = rank_.find(pair_key(at(place).token, at(at(place).after).token));
    if (found != rank_.end()) list.push_back({found->second, place});
  };
  queue.clear();
  for (std::int32_t i = 0; i < n; ++i) offer(i, queue);
  std::make_heap(queue.begin(), queue.end(), std::greater<>());
  while (!queue.empty()) {
    // All places of one merge, from left to right; what they make possible comes after them, as in
    // GPT-2.
    const std::int32_t rank = queue.front().rank;
    const Merge& merge = merges_[static_cast<std::size_t>(rank)];
    later.clear();
    while (!queue.empty() && queue.front().rank == rank) {
      const std::int32_t place = queue.front().place;
      std::pop_heap(queue.begin(), queue.end(), std::greater<>());
      queue.pop_back();
      Scratch::Symbol& left = at(place);
      if (left.token != merge.left || left.after < 0 || at(left.after).token != merge.right)
        continue;  // out of date
      at(left.after).token = -1;
      left.token = merge.result;
      left.after = at(left.after).after;
      if (left.after >= 0) at(left.after).before = place;
      offer(left.before, later);
      offer(place, later);
    }
    for (const Scratch::Candidate& candidate : later) {
      queue.push_back(candidate);
      std::push_heap(queue.begin(), queue.end(), std::greater<>());
    }
  }
  for (std::int32_t i = 0; i >= 0; i = at(i).after) tokens.push_back(at(i).token);
}

void BytePairTokenizer::encode_part(std::string_view text, bool first, Tokens& tokens) const {
  std::string normal, spaced;
  if (rules_.nfc) text = normal = nfc(text);
  if (rules_.pre_tokenization == PreTokenization::metaspace) {
    spaced = detail::from_visible_spaces(text);  // its files cannot tell ▁ from a space
    if (rules_.space_in_front == SpaceInFront::every_part ||
        (rules_.space_in_front == SpaceInFront::first_part && first && !spaced.starts_with(' ')))
      spaced.insert(0, 1, ' ');
    text = spaced;
  }
  struct Place {
    std::size_t begin, size;
  };
  std::unordered_map<std::string_view, Place>
      known;  // where in `tokens` a word's tokens already stand
  Scratch scratch;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = pre_token_end(text, begin, rules_.pre_tokenization);
    const std::string_view word = text.substr(begin, end - begin);
    begin = end;
    const auto [entry, fresh] = known.try_emplace(word, Place{tokens.size(), 0});
    Place& place = entry->second;
    if (fresh) {
      const auto whole = rules_.whole_words_first ? tokens_.find(std::string(word)) : tokens_.end();
      if (whole != tokens_.end()) tokens.push_back(whole->second);
      else
        for (std::size_t i = 0; i < word.size(); i += longest_word)
          encode_word(word.substr(i, longest_word), tokens, scratch);
      place.size = tokens.size() - place.begin;
      if (known.size() == words_remembered) known.clear();
    } else {
      for (std::size_t i = 0; i < place.size; ++i) tokens.push_back(tokens[place.begin + i]);
    }
  }
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

// Training keeps every place of every pair: a merge touches only the places of its own pair and
// their neighbours, so the text is never counted again.
BytePairTokenizer BytePairTokenizer::train(std::string_view text, const BytePairOptions& options) {
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

  // Each different word once, with how often it occurs, in the order of first appearance.
  std::unordered_map<std::string_view, std::size_t> index;
  std::vector<std::pair<std::string_view, Index>> words;
  detail::split_at_special(
      text, detail::special_tokens(options.special_tokens, 0),
      [&](std::string_view plain) {
        for (std::size_t begin = 0; begin < plain.size();) {
          const std::size_t end = pre_token_end(plain, begin, options.pre_tokenization);
          const std::string_view word = plain.substr(begin, end - begin);
          const auto [entry, fresh] = index.try_emplace(word, words.size());
          if (fresh) words.push_back({word, 0});
          ++words[entry->second].second;
          begin = end;
        }
      },
      [](Token) {});

  struct Symbol {
    Token token;  // -1 when merged into the one before
    std::int32_t before, after;
    Index weight;  // how often its word occurs
  };
  struct Pair {
    Token left, right;
    Index count = 0;
    bool changed = false;
    std::vector<std::int32_t> places = {};  // of the left symbol, ascending; some are out of date
  };
  std::vector<Symbol> symbols;
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
    pairs[k].count += at(place).weight;
    pairs[k].places.push_back(place);
    if (!std::exchange(pairs[k].changed, true)) changed.push_back(k);
  };
  const auto lose = [&](std::int32_t place) {
    pairs[pair_of(at(place).token, at(at(place).after).token)].count -= at(place).weight;
  };

  for (const auto& [word, count] : words) {
    if (symbols.size() + word.size() > words_to_learn)
      throw Error(
          "BytePairTokenizer::train: over 64 MB of different words; train on a part of the text, "
          "and look whether its words have spaces between them");
    for (std::size_t i = 0; i < word.size(); ++i) {
      const auto here = static_cast<std::int32_t>(symbols.size());
      symbols.push_back({static_cast<unsigned char>(word[i]), i > 0 ? here - 1 : -1,
                         i + 1 < word.size() ? here + 1 : -1, count});
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
