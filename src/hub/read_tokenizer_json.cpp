// tokenizer.json of others, read: whatever is not known to give the same tokens is refused by name.

#include <map>

#include "damla/hub/tokenizer_json.hpp"
#include "hub/split_expressions.hpp"
#include "text/text_files.hpp"

namespace damla { inline namespace DAMLA_ABI {
namespace {

using nlohmann::json;

/// A field of an object, or null.
const json& field(const json& object, const char* key) {
  static const json null;
  return object.is_object() && object.contains(key) ? object[key] : null;
}

/// Absent, null, false, and an empty text mean the same.
bool is_set(const json& object, const char* key) {
  const json& value = field(object, key);
  return !value.is_null() && value != false && value != "";
}

bool is(const json& object, std::string_view type) { return field(object, "type") == type; }

[[noreturn]] void refuse(const char* what, const json& value) {
  throw Error(
      fmt::format("{} is {}, which damla does not know: it reads the byte pairs of GPT-2, "
                  "Llama 2 and 3, Qwen 2 to 3 and SmolLM 2",
                  what, detail::shown(value.dump(), 200)));
}

/// The parts of a Sequence; of anything else, itself; of null, none.
std::vector<json> parts_of(const json& object, const char* key) {
  if (object.is_null()) return {};
  if (!is(object, "Sequence")) return {object};
  const json& list = field(object, key);
  if (!list.is_array()) throw Error(fmt::format("\"{}\" of a Sequence is no list", key));
  return list.get<std::vector<json>>();
}

bool replaces(const json& object, std::string_view from, std::string_view by) {
  return is(object, "Replace") && field(object, "pattern") == json{{"String", from}} &&
         field(object, "content") == by;
}

/// ByteLevel, with or without GPT-2's expression in it, which is there when nothing is said.
bool is_byte_level(const json& object, bool cuts) {
  return is(object, "ByteLevel") && field(object, "add_prefix_space") == false &&
         (field(object, "use_regex") != false) == cuts;
}

PreTokenization byte_level_rule(const json& pre_tokenizer) {
  const std::vector<json> steps = parts_of(pre_tokenizer, "pretokenizers");
  if (steps.size() == 1 && is_byte_level(steps[0], true)) return PreTokenization::gpt2;
  if (steps.size() == 2 && is(steps[0], "Digits") && field(steps[0], "individual_digits") == true &&
      is_byte_level(steps[1], true))
    return PreTokenization::smollm2;
  if (steps.size() == 2 && is(steps[0], "Split") && field(steps[0], "behavior") == "Isolated" &&
      !is_set(steps[0], "invert") && is_byte_level(steps[1], false))
    for (const auto rule :
         {PreTokenization::turkish, PreTokenization::gpt2, PreTokenization::llama3,
          PreTokenization::qwen2, PreTokenization::smollm2})
      if (field(steps[0], "pattern") == json{{"Regex", detail::split_expression(rule)}})
        return rule;
  refuse("pre_tokenizer", pre_tokenizer);
}

BytePairRules byte_level_rules(const json& file) {
  BytePairRules rules{.pre_tokenization = byte_level_rule(field(file, "pre_tokenizer"))};
  for (const json& step : parts_of(field(file, "normalizer"), "normalizers")) {
    if (!is(step, "NFC")) refuse("normalizer", file["normalizer"]);
    rules.nfc = true;
  }
  if (!is(field(file, "decoder"), "ByteLevel")) refuse("decoder", field(file, "decoder"));
  return rules;
}

/// Llama 2's: in older files a normalizer writes ▁ for spaces, in newer ones a pre_tokenizer.
BytePairRules metaspace_rules(const json& file) {
  BytePairRules rules{.pre_tokenization = PreTokenization::metaspace};
  const json &normalizer = field(file, "normalizer"), &pre_tokenizer = field(file, "pre_tokenizer");
  std::vector<json> steps = parts_of(normalizer, "normalizers");
  if (is(pre_tokenizer, "Metaspace")) {
    const json& scheme = field(pre_tokenizer, "prepend_scheme");
    if (field(pre_tokenizer, "replacement") != detail::visible_space ||
        field(pre_tokenizer, "split") != false || (scheme != "first" && scheme != "never"))
      refuse("pre_tokenizer", pre_tokenizer);
    if (scheme == "first") rules.space_in_front = SpaceInFront::first_part;
  } else {
    if (!pre_tokenizer.is_null()) refuse("pre_tokenizer", pre_tokenizer);
    if (!steps.empty() && is(steps[0], "Prepend") &&
        field(steps[0], "prepend") == detail::visible_space) {
      rules.space_in_front = SpaceInFront::every_part;
      steps.erase(steps.begin());
    }
    if (steps.empty() || !replaces(steps[0], " ", detail::visible_space))
      refuse("normalizer", normalizer);
    steps.erase(steps.begin());
  }
  if (!steps.empty()) refuse("normalizer", normalizer);

  const json& decoder = field(file, "decoder");
  const std::vector<json> back = parts_of(decoder, "decoders");
  const bool strips = back.size() == 4 && is(back[3], "Strip") &&
                      field(back[3], "content") == " " && field(back[3], "start") == 1 &&
                      field(back[3], "stop") == 0;
  if (back.size() < 3 || !replaces(back[0], detail::visible_space, " ") ||
      !is(back[1], "ByteFallback") || !is(back[2], "Fuse") ||
      strips != (rules.space_in_front != SpaceInFront::never) || (!strips && back.size() != 3))
    refuse("decoder", decoder);
  return rules;
}

/// Names and numbers of "vocab" and "added_tokens" as one list, which has a name for each number.
struct Vocabulary {
  std::vector<std::string> names;
  Tokens added;
};

Vocabulary read_vocabulary(const json& file, const json& model) {
  const json& vocab = model["vocab"];
  const json& listed = field(file, "added_tokens");
  if (!listed.is_null() && !listed.is_array()) throw Error("\"added_tokens\" is no list");
  const std::size_t most = vocab.size() + listed.size();
  std::map<std::size_t, std::string> names;
  const auto number = [&](const std::string& name, const json& id) {
    if (!id.is_number_integer() || id < 0 || id >= most)
      throw Error(fmt::format("the number of \"{}\" is {}, but there are only {} tokens",
                              detail::shown(name), detail::shown(id.dump()), most));
    const auto n = id.get<std::size_t>();
    const auto [entry, fresh] = names.emplace(n, name);
    if (!fresh && entry->second != name)
      throw Error(fmt::format("the number {} is of \"{}\" and of \"{}\"", n,
                              detail::shown(entry->second), detail::shown(name)));
    return n;
  };
  for (const auto& [name, id] : vocab.items()) number(name, id);
  Vocabulary result;
  for (const json& token : listed) {
    const auto name = detail::get_field<std::string>(token, "content");
    if (vocab.contains(name) && vocab[name] != field(token, "id"))
      throw Error(fmt::format("the added token \"{}\" has another number in the vocabulary",
                              detail::shown(name)));
    result.added.push_back(static_cast<Token>(number(name, field(token, "id"))));
    const bool normalized = is_set(token, "normalized") && is_set(file, "normalizer");
    for (const char* key : {"single_word", "lstrip", "rstrip", "normalized"})
      if (is_set(token, key) && (key != std::string_view("normalized") || normalized))
        throw Error(fmt::format("the added token \"{}\" is \"{}\", which damla does not do",
                                detail::shown(name), key));
  }
  for (auto& [n, name] : names) {
    if (n != result.names.size())
      throw Error(fmt::format("no token has the number {}, but {} are numbered up to {}",
                              result.names.size(), names.size(), names.rbegin()->first));
    result.names.push_back(std::move(name));
  }
  return result;
}

std::vector<std::pair<Token, Token>> read_merges(const json& model) {
  std::vector<std::pair<Token, Token>> merges;
  const json& vocab = model["vocab"];
  for (const json& merge : model["merges"]) {
    std::string left, right;
    if (merge.is_string()) {
      const auto& both = merge.get_ref<const std::string&>();
      const std::size_t space = both.find(' ');
      left = both.substr(0, space);
      if (space != both.npos) right = both.substr(space + 1);
    } else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() &&
               merge[1].is_string()) {
      left = merge[0], right = merge[1];
    }
    if (left.empty() || right.empty())
      throw Error(fmt::format("{} is no merge of two pieces", detail::shown(merge.dump())));
    for (const std::string& piece : {left, right})
      if (!vocab.contains(piece))
        throw Error(fmt::format("merge {} is of \"{}\", which is not in the vocabulary",
                                merges.size(), detail::shown(piece)));
    merges.emplace_back(vocab[left].get<Token>(), vocab[right].get<Token>());
  }
  return merges;
}

/// The token that the post-processor puts in front of each text, if it does.
std::optional<Token> begin_of_text(const json& file, const BytePairTokenizer& tokenizer) {
  for (const json& step : parts_of(field(file, "post_processor"), "processors")) {
    if (!is(step, "TemplateProcessing")) continue;
    const json& single = field(step, "single");
    if (!single.is_array() || single.empty()) continue;
    const json& name = field(field(single[0], "SpecialToken"), "id");
    if (name.is_string()) return tokenizer.special(name.get<std::string>());
  }
  return {};
}

AnyTokenizer read(const json& file) {
  const json& model = field(file, "model");
  // Files of the first years do not name the kind.
  if (!is(model, "BPE") && (is_set(model, "type") || !is_set(model, "merges")))
    refuse("the model's type", field(model, "type"));
  for (const char* key : {"dropout", "continuing_subword_prefix", "end_of_word_suffix"})
    if (is_set(model, key)) refuse(key, model[key]);
  if (!field(model, "vocab").is_object() || !field(model, "merges").is_array())
    throw Error("\"vocab\" is no object or \"merges\" no list");

  const bool metaspace = is_set(model, "byte_fallback") && !is(field(file, "decoder"), "ByteLevel");
  BytePairParts parts{.rules = metaspace ? metaspace_rules(file) : byte_level_rules(file),
                      .pieces = {},
                      .special_tokens = {},
                      .merges = {}};
  parts.rules.whole_words_first = is_set(model, "ignore_merges");
  if (metaspace && parts.rules.whole_words_first) refuse("ignore_merges", true);
  Vocabulary vocabulary = read_vocabulary(file, model);
  parts.merges = read_merges(model);
  parts.special_tokens = vocabulary.added;
  std::vector<bool> as_it_is(vocabulary.names.size());
  for (const Token t : vocabulary.added) as_it_is[static_cast<std::size_t>(t)] = true;
  if (metaspace)
    for (unsigned b = 0; b < 256; ++b) {
      const std::string name = detail::byte_piece(b);
      if (!model["vocab"].contains(name))
        throw Error(
            fmt::format("the vocabulary has no {}: damla needs a token for every byte", name));
      const auto t = model["vocab"][name].get<std::size_t>();
      parts.byte_tokens.push_back(static_cast<Token>(t));
      vocabulary.names[t] = static_cast<char>(static_cast<unsigned char>(b));
      as_it_is[t] = true;
    }
  for (std::size_t t = 0; t < vocabulary.names.size(); ++t) {
    const std::string& name = vocabulary.names[t];
    parts.pieces.push_back(as_it_is[t] ? name
                           : metaspace ? detail::from_visible_spaces(name)
                                       : detail::from_visible(name));
  }
  const BytePairTokenizer tokenizer(parts);
  AnyTokenizer any(tokenizer);
  any.set_text_limits(begin_of_text(file, tokenizer), {});
  return any;
}

}  // namespace

AnyTokenizer load_tokenizer_json(const std::string& path) {
  constexpr const char* call = "load_tokenizer_json";
  const json file = detail::load_json(call, path, "");
  return detail::naming(call, path, [&] { return read(file); });
}

}}  // namespace damla::DAMLA_ABI
