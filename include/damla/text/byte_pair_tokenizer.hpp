#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "damla/core/files.hpp"
#include "damla/core/scalar.hpp"
#include "damla/text/pre_tokenization.hpp"

namespace damla { inline namespace DAMLA_ABI {

struct BytePairOptions {
  Index vocab_size = 4096;  ///< 256 bytes, the special tokens, and as many merges as remain
  PreTokenization pre_tokenization = PreTokenization::turkish;
  std::vector<std::string> special_tokens = {};  ///< never cut, and never the result of merges
};

/// Where tokenizers of PreTokenization::metaspace put a space in front that the text has not, so
/// that its first word is one like all others. Parts are what special tokens separate.
enum class SpaceInFront {
  never,
  every_part,
  first_part  ///< and only where the text does not begin with one
};

/// How a byte-pair tokenizer changes and cuts a text before it merges.
struct BytePairRules {
  PreTokenization pre_tokenization = PreTokenization::turkish;
  SpaceInFront space_in_front = SpaceInFront::never;
  /// The text becomes normalisation form C first (Qwen): then the bytes do not come back, but those
  /// of nfc(text).
  bool nfc = false;
  /// A word that is a piece becomes that token, whatever the merges say (Llama 3).
  bool whole_words_first = false;
  bool operator==(const BytePairRules&) const = default;
};

/// What a byte-pair tokenizer is made of, for readers of files.
struct BytePairParts {
  BytePairRules rules;
  std::vector<std::string> pieces;              ///< as bytes; the place is the token
  Tokens special_tokens;                        ///< which of them are special
  std::vector<std::pair<Token, Token>> merges;  ///< left and right, in the order of application
  /// With PreTokenization::metaspace, whose pieces begin as characters: the 256 that stand for the
  /// bytes of a character that is no piece.
  Tokens byte_tokens = {};
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
/// Nothing is normalised and no byte is lost: decode(encode(s)) == s for any bytes, if the rules of
/// a published model's file do not say otherwise. Tokens 0 … 255 are the bytes (after training;
/// other programs' files order them as they like). Threads may share an object to encode with.
class BytePairTokenizer {
 public:
  struct Merge {
    Token left, right, result;
  };

  /// Learns merges from the text: always the most frequent pair of neighbours, among equals the one
  /// with the smaller left, then right token. Special tokens in the text separate it. Ends early
  /// when no pair occurs twice: look at vocab_size(). Of over 8 MB of different words the most
  /// frequent are learned from. Throws Error when vocab_size is too small for the bytes and the
  /// special tokens, for PreTokenization::metaspace, and when that leaves out half of the text.
  static BytePairTokenizer train(std::string_view text, const BytePairOptions& options = {});
  /// The same, merge by merge, from a text that is larger than memory: `read` hands it to its sink
  /// block by block. Throws Error for special tokens with white space in them, too.
  ///
  ///     BytePairTokenizer::train([](const ByteSink& learn) { read_text("corpus.txt", learn); });
  static BytePairTokenizer train(const std::function<void(const ByteSink&)>& read,
                                 const BytePairOptions& options = {});

  /// Throws Error when a byte has no piece, a piece is there twice, or a merge has no result.
  explicit BytePairTokenizer(const BytePairParts& parts);

  /// What looks like a special token in the text is encoded as plain text: safe for text from
  /// outside. A word of over 1 MB is encoded in pieces of 1 MB.
  Tokens encode(std::string_view text) const;
  /// Special tokens are recognised, the longest where several fit: for text that the program wrote
  /// itself. `plain`, a part of that text from outside, holds none.
  Tokens encode_with_special(std::string_view text, std::string_view plain = {}) const;
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
  const BytePairRules& rules() const { return rules_; }
  PreTokenization pre_tokenization() const { return rules_.pre_tokenization; }
  /// The token of one byte.
  Token byte_token(unsigned char byte) const { return byte_tokens_[byte]; }

  /// One JSON file of our own. Both throw Error with the path.
  void save(const std::string& path) const;
  static BytePairTokenizer load(const std::string& path);

  /// GPT-2's two files: vocab.json and merges.txt. What is neither a byte nor the result of a merge
  /// is a special token. Throws Error with path and line. Saving needs PreTokenization::gpt2, as
  /// others cut text in that way.
  static BytePairTokenizer load_gpt2(const std::string& vocab_path, const std::string& merges_path);
  void save_gpt2(const std::string& vocab_path, const std::string& merges_path) const;

 private:
  BytePairTokenizer();
  static BytePairTokenizer learn(const std::function<void(const ByteSink&)>& read_parts,
                                 const BytePairOptions& options);
  void add_merge(Token left, Token right);
  std::int32_t rank(Token left, Token right) const;
  void encode_part(std::string_view text, bool first, Tokens& tokens) const;
  void encode_known(std::string_view word, Tokens& tokens) const;
  void encode_word(std::string_view word, Tokens& tokens) const;
  void merge_few(std::span<Token> symbols, Tokens& tokens) const;
  void merge_many(std::span<const Token> symbols, Tokens& tokens) const;

  BytePairRules rules_;
  std::vector<std::string> pieces_;                    // pieces_[token], as bytes
  std::vector<Merge> merges_;                          // the place of a merge is its rank
  std::map<std::string, Token, std::less<>> special_;  // the special tokens …
  std::vector<Token> special_tokens_;                  // … as they were added
  std::unordered_map<std::string, Token> tokens_;      // of pieces that text is made of
  std::vector<std::int32_t> ranks_;  // a hash table of the merges: their places, or -1
  Token byte_tokens_[256] = {};
  std::uint32_t identity_;  // tokenizers that have the same encode the same
};

}}  // namespace damla::DAMLA_ABI
