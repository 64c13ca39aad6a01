#include "damla/hub/tokenizer_json.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "damla/hub/chat_template.hpp"
#include "damla/hub/model_folder.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/temporary_file.hpp"

using namespace damla;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

const char* llama3 = R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3})"
                     R"(| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
const char* qwen2 = R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N})"
                    R"(| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

json byte_level(bool cuts) {
  return {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", cuts}};
}

json split(const char* expression) {
  return {{"type", "Sequence"},
          {"pretokenizers",
           {{{"type", "Split"},
             {"pattern", {{"Regex", expression}}},
             {"behavior", "Isolated"},
             {"invert", false}},
            byte_level(false)}}};
}

json added(Token id, const char* content) {
  return {{"id", id},        {"content", content},  {"single_word", false}, {"lstrip", false},
          {"rstrip", false}, {"normalized", false}, {"special", true}};
}

/// The bytes 0 … 255, "ab" = 256, "abc" = 257, to which no merge leads, and "<s>" = 258.
json byte_file() {
  json vocab = json::parse(std::ifstream(DAMLA_FIXTURES "/text/small_gpt2_vocab.json"));
  for (auto it = vocab.begin(); it != vocab.end();)
    it = *it >= 256 ? vocab.erase(it) : std::next(it);
  vocab["ab"] = 256, vocab["abc"] = 257;
  return {{"added_tokens", {added(258, "<s>")}},
          {"normalizer", nullptr},
          {"pre_tokenizer", byte_level(true)},
          {"decoder", byte_level(true)},
          {"model", {{"type", "BPE"}, {"vocab", vocab}, {"merges", {"a b"}}}}};
}

constexpr Token first_byte = 3, space = 259, a = 260, b = 261, space_ab = 264;

/// Llama 2's kind: <unk>, <s>, </s>, the bytes, ▁, a, b, ğ, ▁a, ▁ab.
json metaspace_file() {
  json vocab = {{"<unk>", 0}, {"<s>", 1}, {"</s>", 2}};
  for (int byte = 0; byte < 256; ++byte) vocab[fmt::format("<0x{:02X}>", byte)] = 3 + byte;
  for (const char* piece : {"▁", "a", "b", "ğ", "▁a", "▁ab"}) vocab[piece] = vocab.size();
  json decoders = {{{"type", "Replace"}, {"pattern", {{"String", "▁"}}}, {"content", " "}},
                   {{"type", "ByteFallback"}},
                   {{"type", "Fuse"}},
                   {{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}}};
  json normalizers = {{{"type", "Prepend"}, {"prepend", "▁"}},
                      {{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", "▁"}}};
  return {{"added_tokens", {added(0, "<unk>"), added(1, "<s>"), added(2, "</s>")}},
          {"normalizer", {{"type", "Sequence"}, {"normalizers", normalizers}}},
          {"pre_tokenizer", nullptr},
          {"post_processor",
           {{"type", "TemplateProcessing"},
            {"single",
             {{{"SpecialToken", {{"id", "<s>"}, {"type_id", 0}}}},
              {{"Sequence", {{"id", "A"}, {"type_id", 0}}}}}}}},
          {"decoder", {{"type", "Sequence"}, {"decoders", decoders}}},
          {"model",
           {{"type", "BPE"},
            {"unk_token", "<unk>"},
            {"fuse_unk", true},
            {"byte_fallback", true},
            {"vocab", vocab},
            {"merges", {"▁ a", json::array({"▁a", "b"})}}}}};
}

/// The same in the shape of newer files: a space in front of the first part only.
json first_part_file() {
  json file = metaspace_file();
  file["normalizer"] = nullptr;
  file["pre_tokenizer"] = {
      {"type", "Metaspace"}, {"replacement", "▁"}, {"prepend_scheme", "first"}, {"split", false}};
  return file;
}

AnyTokenizer load(const json& contents) {
  const TemporaryFile file("tokenizer_json.json");
  file.write(contents.dump());
  return load_tokenizer_json(file.path);
}

const BytePairRules& rules(const AnyTokenizer& tokenizer) {
  return tokenizer.visit([](const auto& t) -> const BytePairRules& {
    if constexpr (requires { t.rules(); }) return t.rules();
    else throw Error("no byte pairs");
  });
}

}  // namespace

TEST_CASE("tokenizer.json of the byte-level kind is known by its rule", "[hub]") {
  json file = byte_file();
  const auto rule = [&] { return rules(load(file)).pre_tokenization; };
  CHECK(rule() == PreTokenization::gpt2);
  CHECK(load(file).encode("abc <s>").size() == 6);
  CHECK(load(file).encode_with_special("abc<s>") == Tokens{256, load(file).encode("c")[0], 258});
  file["model"].erase("type");  // as in files of the first years
  CHECK(rule() == PreTokenization::gpt2);
  file["pre_tokenizer"] = split(llama3);
  CHECK(rule() == PreTokenization::llama3);
  file["pre_tokenizer"] = split(qwen2);
  CHECK(rule() == PreTokenization::qwen2);
  file["pre_tokenizer"] = {
      {"type", "Sequence"},
      {"pretokenizers", {{{"type", "Digits"}, {"individual_digits", true}}, byte_level(true)}}};
  CHECK(rule() == PreTokenization::smollm2);

  file["model"]["ignore_merges"] = true;
  CHECK(load(file).encode("abc") == Tokens{257});
  CHECK(load(file).encode("abcd").size() == 3);
  CHECK(load(file).encode("e\u0301").size() == 3);
  file["normalizer"] = {{"type", "NFC"}};
  CHECK(load(file).encode("e\u0301") == load(file).encode("é"));
  CHECK(load(file).decode(load(file).encode("e\u0301")) == "é");
}

TEST_CASE("tokenizer.json of the metaspace kind: bytes for what is no piece, none lost", "[hub]") {
  const AnyTokenizer every = load(metaspace_file()), first = load(first_part_file());
  CHECK(every.encode("ab ab") == Tokens{space_ab, space_ab});
  CHECK(every.encode(" ab") == Tokens{space, space_ab});
  CHECK(first.encode(" ab") == Tokens{space_ab});
  CHECK(every.encode_with_special("<s>ab") == Tokens{1, space_ab});
  CHECK(first.encode_with_special("<s>ab") == Tokens{1, a, b});
  CHECK(every.encode("ba\n") == Tokens{space, b, a, first_byte + '\n'});
  CHECK(every.encode("ğö\xFF") ==
        Tokens{space, 262, first_byte + 0xC3, first_byte + 0xB6, first_byte + 0xFF});
  CHECK(every.encode("▁b") == Tokens{space, space, b});
  CHECK(every.encode("<0x0A>").size() == 7);
  CHECK(every.encode("").empty());
  CHECK(every.decode(Tokens{space_ab, space_ab}) == "ab ab");
  CHECK(every.decode(Tokens{1, space_ab}) == "<s> ab");
  for (const std::string text : {"ab", "  ab  ba ", "\xC4 a\xFF\xFE", "ağ\n\n b", "<s>", " "})
    CHECK(every.decode(every.encode(text)) == text);
  CHECK(every.begin_of_text() == Token{1});
  CHECK_FALSE(load(byte_file()).begin_of_text());
}

TEST_CASE("what was read from tokenizer.json is saved and handed on", "[hub]") {
  json qwen = byte_file();
  qwen["pre_tokenizer"] = split(qwen2);
  qwen["normalizer"] = {{"type", "NFC"}};
  qwen["model"]["ignore_merges"] = true;
  json smollm = byte_file();
  smollm["pre_tokenizer"] = {
      {"type", "Sequence"},
      {"pretokenizers", {{{"type", "Digits"}, {"individual_digits", true}}, byte_level(true)}}};
  for (const json& contents : {byte_file(), qwen, smollm, metaspace_file(), first_part_file()}) {
    const AnyTokenizer tokenizer = load(contents);
    const TemporaryFile own("tokenizer_json_own.json"), other("tokenizer_json_other.json");
    tokenizer.save(own.path);
    save_tokenizer_json(other.path, tokenizer);
    const std::string text = "ab abc<s>e\u0301 12 ğ\n<0x0A> \xFF'S";
    for (const AnyTokenizer& again :
         {AnyTokenizer::load(own.path), load_tokenizer_json(other.path)}) {
      CHECK(rules(again) == rules(tokenizer));
      CHECK(again.vocab_size() == tokenizer.vocab_size());
      CHECK(again.encode(text) == tokenizer.encode(text));
      CHECK(again.encode_with_special(text) == tokenizer.encode_with_special(text));
      CHECK(again.decode(again.encode(text)) == tokenizer.decode(tokenizer.encode(text)));
    }
    CHECK(load_tokenizer_json(other.path).begin_of_text() == tokenizer.begin_of_text());
  }
  const AnyTokenizer turkish = BytePairTokenizer::train("göl'de göl'de", {.vocab_size = 260});
  const TemporaryFile file("tokenizer_json_turkish.json");
  save_tokenizer_json(file.path, turkish);
  CHECK(load_tokenizer_json(file.path).encode("göl'de") == turkish.encode("göl'de"));
}

TEST_CASE("a tokenizer.json that would give other tokens is refused in one sentence", "[hub]") {
  const TemporaryFile file("tokenizer_json_bad.json");
  const auto refused = [&](const json& contents, std::string_view says) {
    file.write(contents.dump());
    INFO(says);
    CHECK(error_says([&] { load_tokenizer_json(file.path); }, {file.path, says}));
  };
  struct Case {
    const char* pointer;
    json value;
    std::string_view says;
  };
  for (const auto& [pointer, value, says] : std::initializer_list<Case>{
           {"/model", nullptr, "type"},
           {"/model/type", "WordPiece", "WordPiece"},
           {"/model/type", "Unigram", "Unigram"},
           {"/model/dropout", 0.1, "dropout"},
           {"/model/continuing_subword_prefix", "##", "##"},
           {"/model/end_of_word_suffix", "</w>", "</w>"},
           {"/model/vocab", json::array(), "vocab"},
           {"/model/vocab/ab", 257, "\"ab\" and of \"abc\""},
           {"/model/vocab/ab", -1, "-1"},
           {"/model/vocab/ab", 1e300, "1e+300"},
           {"/model/vocab/ab", 4000000000u, "4000000000"},
           {"/model/vocab/ab", "x", "\"x\""},
           {"/model/vocab/日", 259, "日"},
           {"/model/vocab/a", 259, "only 259"},
           {"/model/merges", {"a z z"}, "z z"},
           {"/model/merges", {"a"}, "no merge of two pieces"},
           {"/model/merges", json::array({json::array({"a", 3})}), "no merge of two pieces"},
           {"/model/merges", {"a yok"}, "yok"},
           {"/model/merges", {"b a"}, "ba"},
           {"/model/merges", {"a b", "a b"}, "twice"},
           {"/model/merges", 3, "merges"},
           {"/added_tokens", 3, "added_tokens"},
           {"/added_tokens/0/id", 260, "only 259"},
           {"/added_tokens/0/id", 3, "number 3"},
           {"/added_tokens/0/content", "ab", "another number"},
           {"/added_tokens/0/content", nullptr, "content"},
           {"/added_tokens/0/rstrip", true, "rstrip"},
           {"/added_tokens/0/lstrip", true, "lstrip"},
           {"/added_tokens/0/single_word", true, "single_word"},
           {"/normalizer", {{"type", "NFKC"}}, "NFKC"},
           {"/normalizer", {{"type", "Lowercase"}}, "Lowercase"},
           {"/decoder", {{"type", "WordPiece"}}, "decoder"},
           {"/pre_tokenizer", nullptr, "pre_tokenizer"},
           {"/pre_tokenizer", split("\\w+"), "\\w+"},
           {"/pre_tokenizer/add_prefix_space", true, "add_prefix_space"},
           {"/pre_tokenizer", {{"type", "Sequence"}}, "pretokenizers"},
           {"/post_processor",
            {{"type", "TemplateProcessing"}, {"single", {{{"SpecialToken", {{"id", "<b>"}}}}}}},
            "<b>"}}) {
    json bad = byte_file();
    bad[json::json_pointer(pointer)] = value;
    refused(bad, says);
  }
  json normalized = byte_file();
  normalized["added_tokens"][0]["normalized"] = true;  // means nothing without a normalizer
  CHECK_NOTHROW(load(normalized));
  normalized["normalizer"] = {{"type", "NFC"}};
  refused(normalized, "normalized");

  for (const auto& [pointer, value, says] : std::initializer_list<Case>{
           {"/model/vocab/<0x41>", nullptr, "<0x41>"},
           {"/model/vocab/a▁b", 265, "a b"},
           {"/model/vocab/b", 266, "no token has the number 261"},
           {"/model/byte_fallback", false, "pre_tokenizer"},
           {"/model/ignore_merges", true, "ignore_merges"},
           {"/added_tokens/0", added(first_byte + 0x41, "<0x41>"), "a byte and something else"},
           {"/decoder/decoders/3", {{"type", "Fuse"}}, "decoder"},
           {"/decoder/decoders/1", {{"type", "Fuse"}}, "decoder"},
           {"/normalizer/normalizers/1/content", "_", "normalizer"},
           {"/normalizer/normalizers/2", {{"type", "NFC"}}, "NFC"},
           {"/normalizer", nullptr, "normalizer"}}) {
    json bad = metaspace_file();
    if (value.is_null() && std::string_view(pointer) != "/normalizer") {
      bad["model"]["vocab"].erase("<0x41>");
      bad["model"]["vocab"]["x"] = first_byte + 0x41;
    } else {
      bad[json::json_pointer(pointer)] = value;
    }
    refused(bad, says);
  }
  for (const auto& [key, value] : {std::pair<const char*, json>{"prepend_scheme", "always"},
                                   {"split", true},
                                   {"replacement", "_"}}) {
    json bad = first_part_file();
    bad["pre_tokenizer"][key] = value;
    refused(bad, "Metaspace");
  }
  const std::string whole = byte_file().dump();
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, whole.size() / 2}) {
    file.write(whole.substr(0, size));
    CHECK(error_says([&] { load_tokenizer_json(file.path); }, {file.path}));
  }
}

namespace {

/// A published folder's files that are not weights.
struct Folder {
  Folder() : path((fs::temp_directory_path() / (unique_prefix() + "tokenizer_folder")).string()) {
    fs::create_directories(path);
    write("tokenizer.json", metaspace_file());
  }
  ~Folder() { fs::remove_all(path); }
  void write(const std::string& name, const json& contents) const {
    std::ofstream(fs::path(path) / name) << contents;
  }
  std::string path;
};

}  // namespace

TEST_CASE("a folder says which tokens begin and end a text", "[hub]") {
  const Folder folder;
  CHECK(load_tokenizer(folder.path).begin_of_text() == Token{1});  // by its post-processor
  CHECK(load_tokenizer(folder.path).ends_of_text().empty());
  folder.write("tokenizer_config.json",
               {{"add_bos_token", false}, {"bos_token", "<s>"}, {"eos_token", "</s>"}});
  CHECK_FALSE(load_tokenizer(folder.path).begin_of_text());
  CHECK(load_tokenizer(folder.path).end_of_text() == Token{2});
  folder.write("config.json", {{"eos_token_id", 0}});
  folder.write("generation_config.json", {{"eos_token_id", {2, 1}}});
  CHECK(load_tokenizer(folder.path).end_of_text() == Token{2});
  CHECK(load_tokenizer(folder.path).ends_of_text() == Tokens{2, 0, 1});
  folder.write("tokenizer_config.json",
               {{"add_bos_token", true}, {"bos_token", {{"content", "</s>"}}}});
  CHECK(load_tokenizer(folder.path).begin_of_text() == Token{2});

  const auto refused = [&](const char* name, const json& contents, std::string_view says) {
    folder.write(name, contents);
    CHECK(error_says([&] { load_tokenizer(folder.path); }, {folder.path, name, says}));
  };
  refused("config.json", {{"eos_token_id", 265}}, "265");
  refused("config.json", {{"eos_token_id", {-1}}}, "-1");
  refused("config.json", {{"eos_token_id", "</s>"}}, "</s>");
  refused("tokenizer_config.json", {{"eos_token", "<son>"}}, "<son>");
  refused("tokenizer_config.json", {{"eos_token", 3}}, "eos_token is 3");
}

TEST_CASE("rows of a model without a token get names, where they are few", "[hub]") {
  const Folder folder;  // 265 tokens
  for (const auto& [rows, tokens] : {std::pair{264, 265}, {265, 265}, {400, 400}, {800, 265}}) {
    folder.write("config.json", {{"vocab_size", rows}});
    CHECK(load_tokenizer(folder.path).vocab_size() == tokens);
  }
  folder.write("config.json", {{"vocab_size", 270}});
  CHECK(load_tokenizer(folder.path).piece(269) == "[PAD269]");
}

TEST_CASE("a chat template is recognised, and its turns are what it would write", "[hub]") {
  const Folder folder;
  json file = metaspace_file();
  for (const char* mark :
       {"<|im_start|>", "<|im_end|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"})
    file["added_tokens"].push_back(
        added(static_cast<Token>(262 + file["added_tokens"].size()), mark));
  folder.write("tokenizer.json", file);
  const auto check = [&](const json& text, const std::string& start, const std::string& first,
                         const std::string& second) {
    folder.write("tokenizer_config.json",
                 {{"chat_template", text}, {"bos_token", "<s>"}, {"eos_token", "</s>"}});
    const AnyTokenizer tokenizer = load_tokenizer(folder.path);
    const ChatFormat format = load_chat_format(folder.path, tokenizer).value();
    CHECK(format.start == start);
    CHECK(chat_prompt(tokenizer, "a</s>", format).size() >
          chat_prompt(tokenizer, "a", format).size() + 1);  // four letters, and no end
    CHECK(chat_prompt(tokenizer, "ab", format) == tokenizer.encode_with_special(first));
    Tokens follows = chat_prompt(tokenizer, "ba", format, true);
    follows.insert(follows.begin(), tokenizer.token(format.end));
    CHECK(follows == tokenizer.encode_with_special(second));
  };
  const std::string chatml = "<|im_start|>user\nab<|im_end|>\n<|im_start|>assistant\n",
                    chatml_2 =
                        "<|im_end|>\n<|im_start|>user\nba<|im_end|>\n<|im_start|>assistant\n";
  check("{{'<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>'}}", "", chatml,
        chatml_2);
  check({{{"name", "tools"}, {"template", "?"}},
         {{"name", "default"},
          {"template",
           "{{'<|im_start|>system\\n' + m + '<|im_end|>'}}{{ '<|im_start|>system\nBe "
           "good.<|im_end|>\n"
           "' }}"}}},
        "<|im_start|>system\nBe good.<|im_end|>\n", chatml, chatml_2);
  check("{{bos_token + '<|start_header_id|>' + role + '<|end_header_id|>' + text + '<|eot_id|>'}}",
        "<s>",
        "<|start_header_id|>user<|end_header_id|>\n\nab<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n",
        "<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nba<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n");
  check("{{'<|user|>\n' + text + eos_token}}{{'<|assistant|>'}}", "",
        "<|user|>\nab</s>\n<|assistant|>\n", "</s>\n<|user|>\nba</s>\n<|assistant|>\n");

  const auto format = [&] { return load_chat_format(folder.path, load_tokenizer(folder.path)); };
  folder.write("tokenizer_config.json", {{"chat_template", "[INST] {{text}} [/INST]"}});
  CHECK(error_says([&] { format(); }, {folder.path, "[INST]"}));
  folder.write("tokenizer_config.json", json::object());
  CHECK_FALSE(format());
  std::ofstream(fs::path(folder.path) / "chat_template.jinja") << "<|im_start|> <|im_end|>";
  CHECK(format().value().end == "<|im_end|>");
  folder.write("tokenizer.json", metaspace_file());  // which has no such token
  CHECK(error_says([&] { format(); }, {folder.path, "<|im_end|>"}));
}
