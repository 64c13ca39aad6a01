#include "damla/text/word_tokenizer.hpp"

#include <algorithm>

#include "damla/text/unicode.hpp"
#include "text/hash_table.hpp"
#include "text/parts.hpp"
#include "text/special_tokens.hpp"
#include "text/text_files.hpp"

namespace damla { inline namespace DAMLA_ABI {
namespace {

constexpr const char* words_kind = "damla word tokenizer";

// A code point of normalised text, or 0 behind its end.
CodePoint peek(std::string_view text, std::size_t position) {
  return position < text.size() ? next_code_point(text, position) : CodePoint{0, 0, true};
}

bool in_word(char32_t c) { return is_letter(c) || is_digit(c) || is_mark(c); }

bool is_suffix(std::string_view word) { return word.size() > 1 && word[0] == '\''; }

// Where the run of letters, digits and marks that begins here ends; points and commas between
// digits belong to it.
std::size_t word_end(std::string_view text, std::size_t position) {
  char32_t last = 0;
  while (position < text.size()) {
    const CodePoint c = next_code_point(text, position);
    const bool separator = (c.value == '.' || c.value == ',') && is_digit(last) &&
                           is_digit(peek(text, position + 1).value);
    if (!in_word(c.value) && !separator) break;
    last = c.value;
    position += c.length;
  }
  return position;
}

// Cuts normalised text without special tokens.
template <class Emit>
void split_plain(std::string_view text, Emit emit) {
  bool after_word = false;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = next_code_point(text, i);
    const std::size_t next = i + c.length;
    std::size_t end = next;
    if (is_space(c.value) ||
        c.value == 0xFEFF) {  // a byte order mark within a text was once a space without width
      after_word = false;
      i = next;
      continue;
    }
    if (is_letter(c.value) || is_digit(c.value)) {
      end = word_end(text, i);
      emit(text.substr(i, end - i));
      after_word = true;
    } else if (after_word && is_apostrophe(c.value) && is_letter(peek(text, next).value)) {
      end = word_end(text, next);
      if (c.value == '\'') emit(text.substr(i, end - i));
      else emit(std::string(1, '\'').append(text.substr(next, end - next)));
    } else {  // punctuation or a symbol
      end = symbol_end(text, i);
      emit(text.substr(i, end - i));
      after_word = false;
    }
    i = end;
  }
}

// Calls word(string_view) and special(token) for a part of a text.
template <class Word, class Special>
void split_part(std::string_view part, Casing casing, const detail::SpecialTokens& special_tokens,
                Word word, Special special) {
  detail::split_at_special(
      normalize(part), special_tokens,
      [&](std::string_view plain) {
        if (casing == Casing::lower) split_plain(to_lower(plain), word);
        else split_plain(plain, word);
      },
      special);
}

// The same for a whole text.
template <class Word, class Special>
void split(std::string_view text, Casing casing, const detail::SpecialTokens& special_tokens,
           Word word, Special special) {
  detail::for_each_part(text, [&](std::string_view part) {
    split_part(part, casing, special_tokens, word, special);
  });
}

}  // namespace

std::vector<std::string> split_words(std::string_view text, const WordOptions& options) {
  std::vector<std::string> words;
  split(
      text, options.casing, detail::special_tokens(options.special_tokens, 0),
      [&](std::string_view word) { words.emplace_back(word); },
      [&](Token t) { words.push_back(options.special_tokens[static_cast<std::size_t>(t)]); });
  return words;
}

WordTokenizer::WordTokenizer(const WordOptions& options) : options_(options) {
  pieces_.push_back("<unk>");  // not in tokens_: text that says <unk> is not the unknown word
  for (std::string& s : options_.special_tokens) {
    s = normalize(s);
    bool good = s.size() >= 3 && s.front() == '<' && s.back() == '>' && s != "<unk>";
    for (std::size_t i = 0; i < s.size(); i += next_code_point(s, i).length)
      good &= !is_space(next_code_point(s, i).value);
    // Such a token can never be mistaken for a word, since < and > are words of their own.
    if (!good)
      throw Error(
          fmt::format("WordTokenizer: special tokens look like <son>, but one is \"{}\"", s));
    add(s);
  }
  special_ = detail::special_tokens(options_.special_tokens, 1);
  if (options.vocab_limit < 0 || (options.vocab_limit > 0 && vocab_size() > options.vocab_limit))
    throw Error(fmt::format(
        "WordTokenizer: vocab_limit is {}, but <unk> and the special tokens alone are {}",
        options.vocab_limit, vocab_size()));
}

void WordTokenizer::add(std::string word) {
  if (contains(word)) throw Error(fmt::format("WordTokenizer: \"{}\" is there twice", word));
  pieces_.push_back(std::move(word));
  // The table has the words without <unk>, so its numbers are one less than the tokens.
  detail::add_number(tokens_, static_cast<std::int32_t>(pieces_.size() - 2), [&](std::int32_t n) {
    return detail::hash_of(pieces_[static_cast<std::size_t>(n) + 1]);
  });
}

// Its token, or `unknown`.
Token WordTokenizer::find(std::string_view word) const {
  return 1 + detail::find_number(tokens_, detail::hash_of(word), [&](std::int32_t n) {
           return pieces_[static_cast<std::size_t>(n) + 1] == word;
         });
}

WordTokenizer WordTokenizer::from_text(std::string_view text, const WordOptions& options) {
  WordTokenizer tokenizer(options);
  detail::Counts counts;
  split(
      text, options.casing, tokenizer.special_, [&](std::string_view word) { counts.add(word); },
      [](Token) {});
  std::sort(counts.words.begin(), counts.words.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  for (auto& [word, count] : counts.words) {
    if (options.vocab_limit > 0 && tokenizer.vocab_size() == options.vocab_limit) break;
    tokenizer.add(word);
  }
  return tokenizer;
}

WordTokenizer WordTokenizer::from_words(std::span<const std::string> words,
                                        const WordOptions& options) {
  WordTokenizer tokenizer(options);
  for (const std::string& word : words) {
    // A suffix is one word only behind another.
    std::vector<std::string> found;
    split(
        is_suffix(word) ? "x" + word : word, options.casing, tokenizer.special_,
        [&](std::string_view part) { found.emplace_back(part); },
        [&](Token t) { found.push_back(tokenizer.piece(t)); });
    if (found.size() != (is_suffix(word) ? 2 : 1)) {
      std::string parts;
      for (const std::string& part : found) parts += " | " + part;
      throw Error(fmt::format("WordTokenizer::from_words: \"{}\" is not one word but {}{}", word,
                              found.size(), parts));
    }
    if (options.vocab_limit > 0 && tokenizer.vocab_size() == options.vocab_limit)
      throw Error(fmt::format("WordTokenizer::from_words: more words than vocab_limit = {}",
                              options.vocab_limit));
    tokenizer.add(found.back());
  }
  return tokenizer;
}

Tokens WordTokenizer::encode_with(const std::map<std::string, Token, std::less<>>& special,
                                  std::string_view text) const {
  Tokens tokens;
  detail::for_each_part(text, tokens, [&](std::string_view part) {
    split_part(
        part, options_.casing, special,
        [&](std::string_view word) { tokens.push_back(find(word)); },
        [&](Token t) { tokens.push_back(t); });
  });
  return tokens;
}

Tokens WordTokenizer::encode(std::string_view text) const { return encode_with(special_, text); }
Tokens WordTokenizer::encode_plain(std::string_view text) const { return encode_with({}, text); }

Tokens WordTokenizer::encode_with_special(std::string_view text, std::string_view plain) const {
  if (plain.empty()) return encode(text);
  const auto begin = static_cast<std::size_t>(plain.data() - text.data());
  Tokens tokens = encode(text.substr(0, begin));
  for (const Tokens& more : {encode_plain(plain), encode(text.substr(begin + plain.size()))})
    tokens.insert(tokens.end(), more.begin(), more.end());
  return tokens;
}

std::string WordTokenizer::decode(TokenSpan tokens) const {
  constexpr std::string_view close[] = {".", ",", "?", "!", ";", ":", "…", ")", "]", "}", "”", "»"};
  constexpr std::string_view open[] = {"(", "[", "{", "%", "“", "«"};
  const auto one_of = [](const auto& list, std::string_view word) {
    return std::find(std::begin(list), std::end(list), word) != std::end(list);
  };
  std::string text;
  bool glue = true;  // nothing before the first word
  for (const Token t : tokens) {
    const std::string& word = detail::piece_of("WordTokenizer::decode", pieces_, t);
    if (!glue && !one_of(close, word) && !is_suffix(word)) text += ' ';
    text += word;
    glue = one_of(open, word);
  }
  return text;
}

std::string WordTokenizer::piece(Token token) const {
  return detail::piece_of("WordTokenizer::piece", pieces_, token);
}

Token WordTokenizer::token(std::string_view word) const {
  const Token found = find(word);
  if (found == unknown)
    throw Error(fmt::format("WordTokenizer::token: \"{}\" is not in the vocabulary of {} words",
                            word, vocab_size()));
  return found;
}

void WordTokenizer::save(const std::string& path) const {
  const std::size_t first = 1 + options_.special_tokens.size();
  const std::vector<std::string> words(pieces_.begin() + static_cast<Index>(first), pieces_.end());
  detail::save_json("WordTokenizer::save", path,
                    {{"kind", words_kind},
                     {"casing", options_.casing == Casing::lower ? "lower" : "keep"},
                     {"vocab_limit", options_.vocab_limit},
                     {"special_tokens", options_.special_tokens},
                     {"words", words}});
}

WordTokenizer WordTokenizer::load(const std::string& path) {
  constexpr const char* call = "WordTokenizer::load";
  const nlohmann::json json = detail::load_json(call, path, words_kind);
  return detail::naming(call, path, [&] {
    WordOptions options;
    const auto casing = detail::get_field<std::string>(json, "casing");
    if (casing != "lower" && casing != "keep")
      throw Error(fmt::format("casing is \"{}\", but must be \"lower\" or \"keep\"", casing));
    options.casing = casing == "lower" ? Casing::lower : Casing::keep;
    options.vocab_limit = detail::get_field<Index>(json, "vocab_limit");
    options.special_tokens = detail::get_field<std::vector<std::string>>(json, "special_tokens");
    return from_words(detail::get_field<std::vector<std::string>>(json, "words"), options);
  });
}

}}  // namespace damla::DAMLA_ABI
