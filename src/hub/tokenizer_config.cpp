#include "hub/tokenizer_config.hpp"

#include <algorithm>
#include <filesystem>

#include "damla/core/files.hpp"
#include "damla/hub/chat_template.hpp"
#include "text/text_files.hpp"

namespace damla { inline namespace DAMLA_ABI {
namespace {

using nlohmann::json;

/// A file of the folder; an empty object where it is missing.
json optional_json(const std::string& path) {
  std::error_code failure;
  if (!std::filesystem::exists(system_path(path), failure)) return json::object();
  return detail::load_json("load_tokenizer", path, "");
}

/// The name of a special token, which may stand in an object; empty where there is none.
std::string token_name(const json& config, const char* key) {
  if (!config.contains(key) || config[key].is_null()) return {};
  const json& value = config[key];
  if (value.is_object() && value.contains("content")) return token_name(value, "content");
  if (!value.is_string())
    throw Error(
        fmt::format("{} is {}, but needs to be a token's name", key, detail::shown(value.dump())));
  return value.get<std::string>();
}

std::optional<Token> find_token(const AnyTokenizer& tokenizer, const json& config,
                                const char* key) {
  const std::string name = token_name(config, key);
  if (name.empty()) return {};
  const auto token = tokenizer.special(name);
  if (!token)
    throw Error(fmt::format("{} is \"{}\", but the vocabulary has no such special token", key,
                            detail::shown(name)));
  return token;
}

/// eos_token_id: one number or several.
Tokens end_numbers(const json& config, const AnyTokenizer& tokenizer) {
  Tokens ends;
  const json value = config.value("eos_token_id", json(nullptr));
  if (value.is_null()) return ends;
  for (const json& id : value.is_array() ? value : json::array({value})) {
    if (!id.is_number_integer() || id < 0 || id >= tokenizer.vocab_size())
      throw Error(fmt::format("eos_token_id is {}, but tokens are 0 … {}",
                              detail::shown(value.dump()), tokenizer.vocab_size() - 1));
    ends.push_back(id.get<Token>());
  }
  return ends;
}

/// The chat_template, which may be one of several; empty where there is none.
std::string read_chat_template(const std::string& folder, const json& config) {
  const std::string jinja = folder + "/chat_template.jinja";
  std::error_code failure;
  if (std::filesystem::exists(system_path(jinja), failure)) return read_file(jinja);
  const json value = config.value("chat_template", json(nullptr));
  if (value.is_string()) return value.get<std::string>();
  if (value.is_array())
    for (const json& one : value)
      if (one.is_object() && one.value("name", json()) == "default")
        return detail::get_field<std::string>(one, "template");
  return {};
}

/// The system message that a ChatML template writes when none is given: the one without Jinja in
/// it.
std::string default_system(std::string_view text) {
  constexpr std::string_view begin = "<|im_start|>system", end = "<|im_end|>";
  for (std::size_t at = text.find(begin); at != text.npos; at = text.find(begin, at + 1)) {
    std::string_view message = text.substr(at + begin.size());
    message = message.substr(0, message.find(end));
    for (const std::string_view line_end : {"\n", "\\n"})
      if (message.starts_with(line_end)) message.remove_prefix(line_end.size());
    if (message.find_first_of("'\"{}") == message.npos)
      return fmt::format("{}\n{}{}\n", begin, message, end);
  }
  return {};
}

ChatFormat recognise(std::string_view text, const json& config) {
  const auto has = [&](const char* mark) { return text.find(mark) != text.npos; };
  const std::string begin = has("bos_token") ? token_name(config, "bos_token") : "";
  if (has("<|im_start|>") && has("<|im_end|>") && !has("<|im_sep|>"))
    return {.start = begin + default_system(text),
            .before_question = "<|im_start|>user\n",
            .before_answer = "<|im_end|>\n<|im_start|>assistant\n",
            .end = "<|im_end|>",
            .between = "\n"};
  if (has("<|start_header_id|>") && has("<|end_header_id|>") && has("<|eot_id|>"))
    return {.start = begin,
            .before_question = "<|start_header_id|>user<|end_header_id|>\n\n",
            .before_answer = "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
            .end = "<|eot_id|>"};
  const std::string end = token_name(config, "eos_token");
  if (has("<|user|>") && has("<|assistant|>") && has("eos_token") && !has("<|end|>"))
    return {.start = begin,
            .before_question = "<|user|>\n",
            .before_answer = end + "\n<|assistant|>\n",
            .end = end,
            .between = "\n"};
  throw Error(
      fmt::format("its chat_template is none that damla knows, which are ChatML, Llama 3's "
                  "and Zephyr's: it begins with {}",
                  detail::shown(text)));
}

}  // namespace

void detail::read_text_limits(const std::string& folder, AnyTokenizer& tokenizer) {
  std::optional<Token> begin = tokenizer.begin_of_text();
  Tokens ends;
  const auto add = [&](Token t) {
    if (std::find(ends.begin(), ends.end(), t) == ends.end()) ends.push_back(t);
  };
  const std::string path = folder + "/tokenizer_config.json";
  const json config = optional_json(path);
  naming("load_tokenizer", path, [&] {
    const json adds = config.value("add_bos_token", json(nullptr));
    if (adds == true) begin = find_token(tokenizer, config, "bos_token");
    if (adds == false) begin.reset();
    if (const auto end = find_token(tokenizer, config, "eos_token")) add(*end);
  });
  for (const char* name : {"/config.json", "/generation_config.json"}) {
    const json model = optional_json(folder + name);
    naming("load_tokenizer", folder + name, [&] {
      for (const Token t : end_numbers(model, tokenizer)) add(t);
    });
  }
  tokenizer.set_text_limits(begin, std::move(ends));
}

AnyTokenizer detail::padded(AnyTokenizer tokenizer, const std::string& folder) {
  constexpr Index most = 512;  // with more, the tokenizer is another model's
  const Index tokens = tokenizer.vocab_size();
  const json rows = optional_json(folder + "/config.json").value("vocab_size", json(nullptr));
  if (!rows.is_number_integer() || rows <= tokens || rows > tokens + most) return tokenizer;
  std::vector<std::string> names;
  for (Index t = tokens; t < rows.get<Index>(); ++t) names.push_back(fmt::format("[PAD{}]", t));
  tokenizer.add_special(names);
  return tokenizer;
}

std::optional<ChatFormat> load_chat_format(const std::string& folder,
                                           const AnyTokenizer& tokenizer) {
  if (tokenizer.special(ChatFormat{}.before_question)) return ChatFormat{};
  const std::string path = folder + "/tokenizer_config.json";
  const json config = optional_json(path);
  return detail::naming("load_chat_format", path, [&]() -> std::optional<ChatFormat> {
    const std::string text = read_chat_template(folder, config);
    if (text.empty()) return {};
    ChatFormat format = recognise(text, config);
    tokenizer.token(format.end);  // throws where it is missing
    return format;
  });
}

}}  // namespace damla::DAMLA_ABI
