#include <algorithm>

#include "damla/core/files.hpp"
#include "damla/text/byte_pair_tokenizer.hpp"
#include "damla/text/unicode.hpp"
#include "text/text_files.hpp"

namespace damla { inline namespace DAMLA_ABI {
namespace {

constexpr const char* kind = "damla byte-pair tokenizer";

// GPT-2 writes bytes as visible characters: those of Latin-1 that can be seen stand for themselves,
// the others for U+0100 and on, in order. A space is Ġ, a line end Ċ.
struct ByteAlphabet {
  char32_t character[256];
  std::unordered_map<char32_t, char> byte;

  ByteAlphabet() {
    char32_t next = 0x100;
    for (unsigned b = 0; b < 256; ++b) {
      const bool visible = (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b <= 0xFF && b != 0xAD);
      character[b] = visible ? b : next++;
      byte[character[b]] = static_cast<char>(static_cast<unsigned char>(b));
    }
  }
};

const ByteAlphabet& alphabet() {
  static const ByteAlphabet instance;
  return instance;
}

constexpr std::string_view rule_names[] = {"turkish", "gpt2",    "llama3",
                                           "qwen2",   "smollm2", "metaspace"};
constexpr std::string_view space_names[] = {"never", "every part", "first part"};

// What a field names, or the first where the file has none.
template <class Enum>
Enum named(const nlohmann::json& json, const char* key, std::span<const std::string_view> names) {
  if (!json.contains(key)) return Enum{};
  const auto name = detail::get_field<std::string>(json, key);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw Error(fmt::format("{} is \"{}\", but must be one of: {}", key, detail::shown(name),
                            fmt::join(names, ", ")));
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string detail::to_visible(std::string_view bytes) {
  std::string text;
  for (const char b : bytes) append_utf8(text, alphabet().character[static_cast<unsigned char>(b)]);
  return text;
}

std::string detail::with_visible_spaces(std::string_view bytes) {
  std::string text;
  for (const char b : bytes)
    if (b == ' ') text += visible_space;
    else text += b;
  return text;
}

std::string detail::from_visible_spaces(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size();)
    if (text.substr(i).starts_with(visible_space)) bytes += ' ', i += visible_space.size();
    else bytes += text[i++];
  return bytes;
}

std::string detail::byte_piece(unsigned byte) { return fmt::format("<0x{:02X}>", byte); }

std::string detail::from_visible(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = next_code_point(text, i);
    const auto found = alphabet().byte.find(c.value);
    if (found == alphabet().byte.end())
      throw Error(fmt::format("\"{}\" has a character that stands for no byte", text));
    bytes += found->second;
    i += c.length;
  }
  return bytes;
}

namespace {
using detail::from_visible, detail::to_visible;

// A whole number in [0, size).
std::size_t to_index(const nlohmann::json& json, std::size_t size) {
  if (!json.is_number_integer() || json < 0 || json >= size)
    throw Error(fmt::format("{} is no token, which are 0 … {}", detail::shown(json.dump()),
                            static_cast<Index>(size) - 1));
  return json.get<std::size_t>();
}

}  // namespace

void BytePairTokenizer::save(const std::string& path) const {
  nlohmann::json pieces = nlohmann::json::array(), merges = nlohmann::json::array();
  for (const std::string& p : pieces_) pieces.push_back(to_visible(p));
  for (const Token t : special_tokens_) pieces[static_cast<std::size_t>(t)] = bytes(t);
  for (const Merge& m : merges_) merges.push_back({m.left, m.right});
  nlohmann::json json = {
      {"kind", kind},
      {"pre_tokenization", rule_names[static_cast<std::size_t>(rules_.pre_tokenization)]},
      {"space_in_front", space_names[static_cast<std::size_t>(rules_.space_in_front)]},
      {"nfc", rules_.nfc},
      {"whole_words_first", rules_.whole_words_first},
      {"pieces", pieces},
      {"special_tokens", special_tokens_},
      {"merges", merges}};
  if (rules_.pre_tokenization == PreTokenization::metaspace) json["byte_tokens"] = byte_tokens_;
  detail::save_json("BytePairTokenizer::save", path, json);
}

BytePairTokenizer BytePairTokenizer::load(const std::string& path) {
  constexpr const char* call = "BytePairTokenizer::load";
  const nlohmann::json json = detail::load_json(call, path, kind);
  return detail::naming(call, path, [&] {
    using detail::get_field;
    BytePairParts parts{
        .rules = {.pre_tokenization = named<PreTokenization>(json, "pre_tokenization", rule_names),
                  .space_in_front = named<SpaceInFront>(json, "space_in_front", space_names),
                  .nfc = json.contains("nfc") && get_field<bool>(json, "nfc"),
                  .whole_words_first = json.contains("whole_words_first") &&
                                       get_field<bool>(json, "whole_words_first")},
        .pieces = get_field<std::vector<std::string>>(json, "pieces"),
        .special_tokens = {},
        .merges = {}};
    const auto tokens = [&](const nlohmann::json& list) {
      Tokens result;
      for (const auto& token : list)
        result.push_back(static_cast<Token>(to_index(token, parts.pieces.size())));
      return result;
    };
    parts.special_tokens = tokens(get_field<std::vector<nlohmann::json>>(json, "special_tokens"));
    if (json.contains("byte_tokens"))
      parts.byte_tokens = tokens(get_field<std::vector<nlohmann::json>>(json, "byte_tokens"));
    std::vector<bool> is_special(parts.pieces.size());
    for (const Token t : parts.special_tokens) is_special[static_cast<std::size_t>(t)] = true;
    for (std::size_t i = 0; i < parts.pieces.size(); ++i)
      if (!is_special[i]) parts.pieces[i] = from_visible(parts.pieces[i]);
    for (const auto& merge : get_field<std::vector<nlohmann::json>>(json, "merges")) {
      if (!merge.is_array() || merge.size() != 2)
        throw Error(fmt::format("{} is no merge of two tokens", detail::shown(merge.dump())));
      const Tokens two = tokens(merge);
      parts.merges.emplace_back(two[0], two[1]);
    }
    return BytePairTokenizer(parts);
  });
}

BytePairTokenizer BytePairTokenizer::load_gpt2(const std::string& vocab_path,
                                               const std::string& merges_path) {
  constexpr const char* call = "BytePairTokenizer::load_gpt2";
  const nlohmann::json vocab = detail::load_json(call, vocab_path, "");
  const std::string text = detail::naming(call, "", [&] { return read_file(merges_path); });

  // The lines of merges.txt: two pieces and a space between them.
  struct Line {
    std::size_t number;
    std::string left, right;
  };
  std::vector<Line> lines;
  const auto in_line = [&](std::size_t number, std::string_view why) {
    return Error(
        fmt::format("{}: {}: line {}: {}", call, merges_path, number, detail::shown(why, 400)));
  };
  for (std::size_t begin = 0, number = 1; begin < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || (number == 1 && line.starts_with("#version"))) continue;
    const std::size_t space = line.find(' ');
    if (!valid_utf8(line) || space == 0 || space + 1 >= line.size() ||
        line.find(' ', space + 1) != line.npos)
      throw in_line(number, "must be two pieces with a space between them");
    lines.push_back(
        {number, std::string(line.substr(0, space)), std::string(line.substr(space + 1))});
  }

  BytePairTokenizer tokenizer = detail::naming(call, vocab_path, [&] {
    BytePairParts parts{.rules = {.pre_tokenization = PreTokenization::gpt2},
                        .pieces = std::vector<std::string>(vocab.size()),
                        .special_tokens = {},
                        .merges = {}};
    std::vector<bool> is_special(vocab.size(), true), seen(vocab.size());
    for (const auto& [piece, number] : vocab.items()) {
      const std::size_t token = to_index(number, vocab.size());
      if (seen[token]) throw Error(fmt::format("the number {} is there twice", token));
      seen[token] = true;
      parts.pieces[token] = piece;
      const CodePoint first = piece.empty() ? CodePoint{0, 0, false} : next_code_point(piece, 0);
      is_special[token] = first.length != piece.size() || !alphabet().byte.contains(first.value);
    }
    for (const Line& line : lines) {
      const auto found = vocab.find(line.left + line.right);
      if (found != vocab.end()) is_special[found->get<std::size_t>()] = false;
    }
    for (std::size_t i = 0; i < parts.pieces.size(); ++i)
      if (is_special[i]) parts.special_tokens.push_back(static_cast<Token>(i));
      else parts.pieces[i] = from_visible(parts.pieces[i]);
    return BytePairTokenizer(parts);
  });
  for (const Line& line : lines) try {
      const auto token = [&](const std::string& visible) {
        const auto found = tokenizer.tokens_.find(from_visible(visible));
        if (found == tokenizer.tokens_.end())
          throw Error(fmt::format("\"{}\" is not in the vocabulary {}", visible, vocab_path));
        return found->second;
      };
      tokenizer.add_merge(token(line.left), token(line.right));
    } catch (const Error& e) {
      throw in_line(line.number, e.what());
    }
  return tokenizer;
}

void BytePairTokenizer::save_gpt2(const std::string& vocab_path,
                                  const std::string& merges_path) const {
  constexpr const char* call = "BytePairTokenizer::save_gpt2";
  if (rules_ != BytePairRules{.pre_tokenization = PreTokenization::gpt2})
    throw Error(
        fmt::format("{}: this tokenizer cuts text by a rule of its own ({}), of which GPT-2's "
                    "files know nothing: train with PreTokenization::gpt2, or use save",
                    call, rule_names[static_cast<std::size_t>(rules_.pre_tokenization)]));
  nlohmann::json vocab = nlohmann::json::object();
  for (const auto& [bytes, token] : tokens_) vocab[to_visible(bytes)] = token;
  for (const auto& [text, token] : special_)
    if (!vocab.emplace(text, token).second)
      throw Error(fmt::format("{}: the special token \"{}\" is also a piece", call, text));
  std::string merges = "#version: 0.2\n";
  for (const Merge& m : merges_)
    merges += to_visible(bytes(m.left)) + " " + to_visible(bytes(m.right)) + "\n";
  detail::naming(call, "", [&] {
    write_file_whole(vocab_path, vocab.dump() + "\n");
    write_file_whole(merges_path, merges);
  });
}

}}  // namespace damla::DAMLA_ABI
