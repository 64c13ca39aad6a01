#pragma once

#include <damla/check/homework.hpp>
#include <damla/text/pre_tokenization.hpp>
#include <map>

namespace student {
using namespace damla;

inline std::vector<std::string_view> words(std::string_view text) { return pre_tokens(text); }

struct BytePair {
  struct Merge {
    Token left, right;
  };
  std::vector<Merge> merges;

  static Tokens bytes(std::string_view word) {
    Tokens tokens;
    for (const char c : word) tokens.push_back(static_cast<unsigned char>(c));
    return tokens;
  }

  static void join(Tokens& word, const Merge& merge, Token result) {
    Tokens joined;
    for (std::size_t i = 0; i < word.size(); ++i) {
      const bool fits = i + 1 < word.size() && word[i] == merge.left && word[i + 1] == merge.right;
      joined.push_back(fits ? result : word[i]);
      if (fits) ++i;
    }
    word = joined;
  }

  void train(std::string_view text, Index vocab_size) {
    merges.clear();
    std::map<std::string_view, Index> frequency;
    for (const std::string_view word : words(text)) ++frequency[word];
    std::vector<std::pair<Tokens, Index>> all;
    for (const auto& [word, count] : frequency) all.push_back({bytes(word), count});
    while (std::ssize(merges) < vocab_size - 256) {
      std::map<std::pair<Token, Token>, Index> counts;
      for (const auto& [word, count] : all)
        for (std::size_t i = 0; i + 1 < word.size(); ++i) counts[{word[i], word[i + 1]}] += count;
      std::pair<Token, Token> best;
      Index most = 1;
      for (const auto& [pair, count] : counts)
        if (count > most) best = pair, most = count;
      if (most < 2) break;
      merges.push_back({best.first, best.second});
      for (auto& [word, count] : all)
        join(word, merges.back(), static_cast<Token>(255 + merges.size()));
    }
  }

  Tokens encode(std::string_view text) const {
    Tokens tokens;
    for (const std::string_view part : words(text)) {
      Tokens word = bytes(part);
      for (std::size_t i = 0; i < merges.size(); ++i)
        join(word, merges[i], static_cast<Token>(256 + i));
      tokens.insert(tokens.end(), word.begin(), word.end());
    }
    return tokens;
  }

  std::string decode(const Tokens& tokens) const {
    std::string text;
    for (const Token token : tokens) {
      if (token < 256) {
        text += static_cast<char>(token);
      } else {
        const Merge& merge = merges.at(static_cast<std::size_t>(token - 256));
        text += decode({merge.left, merge.right});
      }
    }
    return text;
  }
};

}  // namespace student
