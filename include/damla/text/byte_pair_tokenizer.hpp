#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "damla/core/scalar.hpp"
#include "damla/text/pre_tokenization.hpp"

namespace damla { inline namespace DAMLA_ABI {

struct BytePairOptions {
  Index vocab_size = 4096;  ///< 256 bytes, the special tokens, and as many merges as remain
  PreTokenization pre_tokenization = PreTokenization::turkish;
  std::vector<std::string> special_tokens = {};  ///< never cut, and never the result of merges
};

/// Byte-pair encoding: a text is its bytes at first; then, in the order in which they were learned,
/// pairs of neighbours are merged into one token, never across words (Sennrich, Haddow & Birch,
/// "Neural Machine Translation of Rare Words with Subword Units", 2016; on bytes: Radford et al.,
/// 2019).
///
///     const auto tokenizer = BytePairTokenizer::train(
///         corpus, {.vocab_size = 4096, .special_tokens = {"<son>"}});
///     for (Token t : tokenizer.encode("Damlaya damlaya göl olur"))
///       fmt::print("[{}]", tokenizer.piece(t));
///
/// Nothing is normalised and no byte is lost: decode(encode(s)) == s for any bytes. Tokens 0 … 255
/// are the bytes (after training; other programs' files order them as they like). Threads may share
/// an object to encode with.
class BytePairTokenizer {
 public:
  struct Merge {
    Token left, right, result;
  };

  /// Learns merges from the text: always the most frequent pair of neighbours, among equals the one
  /// with the smaller left, then right token. Special tokens in the text separate it. Ends early
  /// when no pair occurs twice: look at vocab_size(). Throws Error when vocab_size is too small for
  /// the bytes and the special tokens, and for over 64 MB of different words.
  static BytePairTokenizer train(std::string_view text, const BytePairOptions& options = {});

  /// What looks like a special token in the text is encoded as plain text: safe for text from
  /// outside. A word of over 1 MB is encoded in pieces of 1 MB.
  Tokens encode(std::string_view text) const;
  /// Special tokens are recognised, the longest where several fit: for text that the program wrote
  /// itself.
  Tokens encode_with_special(std::string_view text) const;
  /// May end within a code point: see complete_utf8_prefix.
  std::string decode(TokenSpan tokens) const;
  Index vocab_size() const { return static_cast<Index>(pieces_.size()); }
  /// The piece as people read it: bytes that are no whole characters are shown as \xC4.
  std::string piece(Token token) const;
  /// The piece as it is.
  std::string_view bytes(Token token) const;

  /// A special token's number. Throws Error when there is none.
  Token special(std::string_view text) const;
  /// Their numbers, in the order in which they were added.
  TokenSpan special_tokens() const { return special_tokens_; }
  /// Adds a special token as the last of the vocabulary. Throws Error when it is empty or there
  /// already.
  Token add_special(std::string text);

  /// In the order in which they were learned, which is the order of application.
  std::span<const Merge> merges() const { return merges_; }
  PreTokenization pre_tokenization() const { return pre_tokenization_; }

  /// One JSON file of our own. Both throw Error with the path.
  void save(const std::string& path) const;
  static BytePairTokenizer load(const std::string& path);

  /// GPT-2's two files: vocab.json and merges.txt. What is neither a byte nor the result of a merge
  /// is a special token. Throws Error with path and line. Saving needs PreTokenization::gpt2, as
  /// others cut text in that way.
  static BytePairTokenizer load_gpt2(const std::string& vocab_path, const std::string& merges_path);
  void save_gpt2(const std::string& vocab_path, const std::string& merges_path) const;

 private:
  struct Scratch;
  void add_merge(Token left, Token right);
  void set_pieces(const std::vector<std::string>& visible, const std::vector<bool>& is_special);
  void encode_plain(std::string_view text, Tokens& tokens) const;
  void encode_word(std::string_view word, Tokens& tokens, Scratch& scratch) const;

  PreTokenization pre_tokenization_ = PreTokenization::turkish;
  std::vector<std::string> pieces_;                       // pieces_[token], as bytes
  std::vector<Merge> merges_;                             // the place of a merge is its rank
  std::map<std::string, Token, std::less<>> special_;     // the special tokens …
  std::vector<Token> special_tokens_;                     // … as they were added
  std::unordered_map<std::string, Token> tokens_;         // of every piece that is not special
  std::unordered_map<std::uint64_t, std::int32_t> rank_;  // of the merge of (left, right)
  Token byte_tokens_[256] = {};
};

}}  // namespace damla::DAMLA_ABI
