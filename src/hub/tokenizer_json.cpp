#include "damla/hub/tokenizer_json.hpp"

#include <set>

#include "text/text_files.hpp"

namespace damla { inline namespace DAMLA_ABI {
namespace {

using nlohmann::json;

// Two engines read the expressions, Oniguruma and JavaScript's. They agree on \p{…}, but not on \s,
// ^ and $.

json replace(const std::string& expression, const char* by) {
  return {{"type", "Replace"}, {"pattern", {{"Regex", expression}}}, {"content", by}};
}

json split(const std::string& expression, const char* matches = "Isolated") {
  return {{"type", "Split"},
          {"pattern", {{"Regex", expression}}},
          {"behavior", matches},
          {"invert", false}};
}

json byte_level() {
  return {{"type", "ByteLevel"},
          {"add_prefix_space", false},
          {"trim_offsets", true},
          {"use_regex", false}};
}

/// A special token: found in the text as it came, before it is normalised.
json special(Token token, std::string_view text) {
  return {{"id", token},     {"content", text},     {"single_word", false}, {"lstrip", false},
          {"rstrip", false}, {"normalized", false}, {"special", true}};
}

json word_level(const auto& tokenizer, const char* unknown) {
  json vocabulary = json::object();
  for (Token t = 0; t < tokenizer.vocab_size(); ++t) vocabulary[tokenizer.piece(t)] = t;
  return {{"type", "WordLevel"}, {"vocab", std::move(vocabulary)}, {"unk_token", unknown}};
}

void describe(json& file, const CharacterTokenizer& tokenizer) {
  file["normalizer"] = {{"type", "Sequence"},
                        {"normalizers", {replace("(?<![\\s\\S])\uFEFF", ""), {{"type", "NFC"}}}}};
  file["pre_tokenizer"] = split(R"([\s\S])");
  file["decoder"] = {{"type", "Fuse"}};
  file["model"] = word_level(tokenizer, "\uFFFD");
}

void describe(json& file, const WordTokenizer& tokenizer) {
  const WordOptions& options = tokenizer.options();
  for (std::size_t i = 0; i < options.special_tokens.size(); ++i)
    file["added_tokens"].push_back(special(static_cast<Token>(i + 1), options.special_tokens[i]));

  json normalizers = json::array({{{"type", "NFC"}}});
  if (options.casing == Casing::lower)
    normalizers.insert(normalizers.end(),
                       {replace("İ", "i"), replace("I", "ı"), {{"type", "Lowercase"}}});
  // A suffix is written with U+0027; any other ’ stays. A look back has a fixed length.
  normalizers.push_back(
      replace(R"((?<=[\p{L}\p{N}]|[\p{L}\p{N}]\p{M}|[\p{L}\p{N}]\p{M}\p{M})’(?=\p{L}))", "'"));
  file["normalizer"] = {{"type", "Sequence"}, {"normalizers", std::move(normalizers)}};

  // First without spaces; then words with their suffixes, and symbols with their marks; then the
  // suffixes, which a look back in the whole text could mistake for quotation marks.
  const std::string rest = R"((?:[\p{L}\p{M}\p{N}]|(?<=\p{N})[.,](?=\p{N}))*)";
  const std::string suffix = R"('(?=\p{L}))" + rest;
  file["pre_tokenizer"] = {
      {"type", "Sequence"},
      {"pretokenizers",
       {split("[\\p{White_Space}\uFEFF]+", "Removed"),
        split(R"([\p{L}\p{N}])" + rest + "(?:" + suffix + ")*|" + R"([^\p{L}\p{N}]\p{M}*)"),
        split(R"((?<=[\p{L}\p{M}\p{N}]))" + suffix)}}};

  // A space between words; then away with those before and behind what WordTokenizer::decode names.
  file["decoder"] = {
      {"type", "Sequence"},
      {"decoders",
       {{{"type", "WordPiece"}, {"prefix", "##"}, {"cleanup", false}},
        {{"type", "Fuse"}},
        replace(R"( (?=[.,?!;:…)\]}”»](?![^ ])|'[^ ])|(?<=[(\[{%“«])(?<![^ ][(\[{%“«]) )", "")}}};
  file["model"] = word_level(tokenizer, "<unk>");
}

void describe(json& file, const BytePairTokenizer& tokenizer) {
  const char* rule =
      tokenizer.pre_tokenization() == PreTokenization::gpt2
          ? R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+)"
          : R"((?<=[\p{L}\p{M}\p{N}])['’]\p{L}[\p{L}\p{M}]*| ?\p{L}[\p{L}\p{M}]*| ?\p{N}{1,3})"
            R"(| ?[^\p{White_Space}\p{L}\p{N}]+)";
  file["pre_tokenizer"] = {
      {"type", "Sequence"},
      {"pretokenizers",
       {split(std::string(rule) + R"(|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+)"),
        byte_level()}}};
  file["decoder"] = byte_level();

  const std::set<Token> special_tokens(tokenizer.special_tokens().begin(),
                                       tokenizer.special_tokens().end());
  json vocabulary = json::object(), merges = json::array();
  for (Token t = 0; t < tokenizer.vocab_size(); ++t) {
    const bool is_special = special_tokens.contains(t);
    const std::string text(tokenizer.bytes(t));
    if (is_special) file["added_tokens"].push_back(special(t, text));
    if (!vocabulary.emplace(is_special ? text : detail::to_visible(text), t).second)
      throw Error(fmt::format("the special token \"{}\" is also a piece", text));
  }
  for (const auto& merge : tokenizer.merges())
    merges.push_back(detail::to_visible(tokenizer.bytes(merge.left)) + " " +
                     detail::to_visible(tokenizer.bytes(merge.right)));
  file["model"] = {{"type", "BPE"},
                   {"dropout", nullptr},
                   {"unk_token", nullptr},
                   {"continuing_subword_prefix", nullptr},
                   {"end_of_word_suffix", nullptr},
                   {"fuse_unk", false},
                   {"byte_fallback", false},
                   {"ignore_merges", false},
                   {"vocab", std::move(vocabulary)},
                   {"merges", std::move(merges)}};
}

}  // namespace

void save_tokenizer_json(const std::string& path, const AnyTokenizer& tokenizer) {
  json file = {{"version", "1.0"},      {"truncation", nullptr},
               {"padding", nullptr},    {"added_tokens", json::array()},
               {"normalizer", nullptr}, {"post_processor", nullptr}};
  tokenizer.visit([&](const auto& concrete) { describe(file, concrete); });
  detail::save_json("save_tokenizer_json", path, file);
}

}}  // namespace damla::DAMLA_ABI
