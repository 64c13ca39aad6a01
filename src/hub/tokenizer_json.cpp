#include "damla/hub/tokenizer_json.hpp"

#include "hub/split_expressions.hpp"
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

/// normalize(): away with what nobody sees, joiners beside letters, the second dot of i; then NFC.
json normalizers() {
  return json::array(
      {replace("(?<![\\s\\S])\uFEFF", ""),
       replace("[\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069]", ""),
       replace("(?<=[iİ])[\u0307\u200C\u200D]+|(?<=\\p{L})[\u200C\u200D]+|"
               "[\u200C\u200D]+(?=\\p{L})",
               ""),
       {{"type", "NFC"}}});
}

void describe(json& file, const CharacterTokenizer& tokenizer) {
  file["normalizer"] = {{"type", "Sequence"}, {"normalizers", normalizers()}};
  file["pre_tokenizer"] = split(R"([\s\S])");
  file["decoder"] = {{"type", "Fuse"}};
  file["model"] = word_level(tokenizer, "\uFFFD");
}

/// symbol_end(): a control character alone; or else a flag's two letters, pictures joined to one,
/// or a single code point, and the marks behind it.
std::string symbol() {
  const std::string control = R"((?![\p{Grapheme_Extend}\u200D])[\p{Cc}\p{Cf}])";
  const std::string mark = R"((?:(?!\p{L})[\p{Grapheme_Extend}\p{Emoji_Modifier}]))";
  const std::string flag = R"(\p{Regional_Indicator}{2})";
  const std::string picture = R"(\p{Extended_Pictographic})";
  const std::string joined = picture + "(?:" + mark + R"(*\u200D)" + picture + ")*";
  return control + "|(?:" + flag + "|" + joined + R"(|[^\p{L}\p{N}])(?:)" + mark +
         R"(|[\p{Mc}\u200D])*)";
}

void describe(json& file, const WordTokenizer& tokenizer) {
  const WordOptions& options = tokenizer.options();
  for (std::size_t i = 0; i < options.special_tokens.size(); ++i)
    file["added_tokens"].push_back(special(static_cast<Token>(i + 1), options.special_tokens[i]));

  json normalize = normalizers();
  // The small letter of Σ is σ everywhere, but JavaScript writes ς where a word ends. J̌ is two
  // code points, its small letter ǰ is one.
  if (options.casing == Casing::lower)
    normalize.insert(normalize.end(), {replace("(?<=[iİ])\u0307+", ""),
                                       replace("İ", "i"),
                                       replace("I", "ı"),
                                       replace("Σ", "σ"),
                                       {{"type", "Lowercase"}},
                                       {{"type", "NFC"}}});
  // A suffix is written with U+0027; any other ’ stays. A look back has a fixed length.
  normalize.push_back(
      replace(R"((?<=[\p{L}\p{N}]|[\p{L}\p{N}]\p{M}|[\p{L}\p{N}]\p{M}\p{M})’(?=\p{L}))", "'"));
  file["normalizer"] = {{"type", "Sequence"}, {"normalizers", std::move(normalize)}};

  // First without spaces; then words with their suffixes, and symbols; then the suffixes, which a
  // look back in the whole text could mistake for quotation marks.
  const std::string rest = R"((?:[\p{L}\p{M}\p{N}]|(?<=\p{N})[.,](?=\p{N}))*)";
  const std::string suffix = R"('(?=\p{L}))" + rest;
  file["pre_tokenizer"] = {{"type", "Sequence"},
                           {"pretokenizers",
                            {split("[\\p{White_Space}\uFEFF]+", "Removed"),
                             split(R"([\p{L}\p{N}])" + rest + "(?:" + suffix + ")*|" + symbol()),
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

json sequence(const char* of, json list) { return {{"type", "Sequence"}, {of, std::move(list)}}; }

void describe_byte_level(json& file, const BytePairRules& rules) {
  if (rules.nfc) file["normalizer"] = {{"type", "NFC"}};
  const std::string expression(detail::split_expression(rules.pre_tokenization));
  file["pre_tokenizer"] = sequence("pretokenizers", {split(expression), byte_level()});
  file["decoder"] = byte_level();
}

void describe_metaspace(json& file, const BytePairRules& rules) {
  const std::string space(detail::visible_space);
  json decoders = {{{"type", "Replace"}, {"pattern", {{"String", space}}}, {"content", " "}},
                   {{"type", "ByteFallback"}},
                   {{"type", "Fuse"}}};
  if (rules.space_in_front != SpaceInFront::never)
    decoders.push_back({{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}});
  file["decoder"] = sequence("decoders", std::move(decoders));
  if (rules.space_in_front == SpaceInFront::every_part)
    file["normalizer"] = sequence(
        "normalizers", {{{"type", "Prepend"}, {"prepend", space}},
                        {{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", space}}});
  else
    file["pre_tokenizer"] = {
        {"type", "Metaspace"},
        {"replacement", space},
        {"prepend_scheme", rules.space_in_front == SpaceInFront::never ? "never" : "first"},
        {"split", false}};
}

void describe(json& file, const BytePairTokenizer& tokenizer) {
  const BytePairRules& rules = tokenizer.rules();
  const bool metaspace = rules.pre_tokenization == PreTokenization::metaspace;
  if (metaspace) describe_metaspace(file, rules);
  else describe_byte_level(file, rules);

  std::vector<std::string> names(static_cast<std::size_t>(tokenizer.vocab_size()));
  for (std::size_t t = 0; t < names.size(); ++t) {
    const std::string bytes(tokenizer.bytes(static_cast<Token>(t)));
    names[t] = metaspace ? detail::with_visible_spaces(bytes) : detail::to_visible(bytes);
  }
  if (metaspace)
    for (unsigned b = 0; b < 256; ++b)
      names[static_cast<std::size_t>(tokenizer.byte_token(static_cast<unsigned char>(b)))] =
          detail::byte_piece(b);
  for (const Token t : tokenizer.special_tokens()) {
    const std::string& text = names[static_cast<std::size_t>(t)] = tokenizer.bytes(t);
    file["added_tokens"].push_back(special(t, text));
  }
  json vocabulary = json::object(), merges = json::array();
  for (std::size_t t = 0; t < names.size(); ++t)
    if (!vocabulary.emplace(names[t], t).second)
      throw Error(fmt::format("the special token \"{}\" is also a piece", names[t]));
  for (const auto& merge : tokenizer.merges())
    merges.push_back(names[static_cast<std::size_t>(merge.left)] + " " +
                     names[static_cast<std::size_t>(merge.right)]);
  file["model"] = {{"type", "BPE"},
                   {"dropout", nullptr},
                   {"unk_token", nullptr},
                   {"continuing_subword_prefix", nullptr},
                   {"end_of_word_suffix", nullptr},
                   {"fuse_unk", metaspace},
                   {"byte_fallback", metaspace},
                   {"ignore_merges", rules.whole_words_first},
                   {"vocab", std::move(vocabulary)},
                   {"merges", std::move(merges)}};
}

/// Puts the token in front of each text, where whoever reads the file asks for that.
json begin_with(Token begin, const std::string& name) {
  const json put = {{"SpecialToken", {{"id", name}, {"type_id", 0}}}};
  const auto text = [](const char* id) { return json{{"Sequence", {{"id", id}, {"type_id", 0}}}}; };
  return {{"type", "TemplateProcessing"},
          {"single", {put, text("A")}},
          {"pair", {put, text("A"), put, text("B")}},
          {"special_tokens",
           {{name, {{"id", name}, {"ids", json::array({begin})}, {"tokens", {name}}}}}}};
}

}  // namespace

void save_tokenizer_json(const std::string& path, const AnyTokenizer& tokenizer) {
  json file = {{"version", "1.0"},         {"truncation", nullptr},
               {"padding", nullptr},       {"added_tokens", json::array()},
               {"normalizer", nullptr},    {"pre_tokenizer", nullptr},
               {"post_processor", nullptr}};
  tokenizer.visit([&](const auto& concrete) { describe(file, concrete); });
  if (const auto begin = tokenizer.begin_of_text())
    file["post_processor"] = begin_with(*begin, tokenizer.piece(*begin));
  detail::save_json("save_tokenizer_json", path, file);
}

}}  // namespace damla::DAMLA_ABI
