#include "damla/hub/gguf.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include "damla/core/files.hpp"
#include "damla/functional/eight_bits.hpp"
#include "text/text_files.hpp"

namespace damla { inline namespace DAMLA_ABI {
namespace {

static_assert(std::endian::native == std::endian::little, "GGUF files are little-endian");

constexpr std::uint32_t version = 3, alignment = 32;
constexpr Index block = functional::EightBits::size;

/// A type's numbers: of a tensor, and of the file in general.file_type.
struct TypeCode {
  std::uint32_t tensor, file;
};
TypeCode code_of(WeightType type) {
  switch (type) {
    case WeightType::f32:
      return {0, 0};
    case WeightType::f16:
      return {1, 1};
    case WeightType::q8_0:
      return {8, 7};
  }
  throw Error("save_gguf: this is no type of weights: f32, f16 and q8_0 are");
}

std::uint64_t row_bytes(WeightType type, Index cols) {
  const auto n = static_cast<std::uint64_t>(cols);
  return type == WeightType::f32 ? 4 * n : type == WeightType::f16 ? 2 * n : n / 32 * 34;
}

std::uint64_t padded(std::uint64_t bytes) {
  return (bytes + alignment - 1) / alignment * alignment;
}

template <class Number>
void put(std::string& out, Number number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}
void put(std::string& out, const std::string& text) {
  put(out, std::uint64_t{text.size()});
  out += text;
}

/// Keys with their values, as the file has them: the key, the kind of its value, the value.
struct Keys {
  std::string bytes;
  std::uint64_t count = 0;

  void set(const std::string& key, std::uint32_t value) { add(key, 4, value); }
  void set(const std::string& key, Index value) { set(key, static_cast<std::uint32_t>(value)); }
  void set(const std::string& key, float value) { add(key, 6, value); }
  void set(const std::string& key, bool value) { add(key, 7, value); }
  void set(const std::string& key, const std::string& value) { add(key, 8, value); }
  void set(const std::string& key, const char* value) { set(key, std::string(value)); }
  void set(const std::string& key, const std::vector<std::int32_t>& list) { add(key, 5, list); }
  void set(const std::string& key, const std::vector<std::string>& list) { add(key, 8, list); }

 private:
  template <class T>
  void add(const std::string& key, std::uint32_t kind, const T& value) {
    ++count;
    put(bytes, key);
    put(bytes, kind);
    put(bytes, value);
  }
  template <class T>
  void add(const std::string& key, std::uint32_t kind, const std::vector<T>& list) {
    add(key, 9, kind);
    put(bytes, std::uint64_t{list.size()});
    for (const T& value : list) put(bytes, value);
  }
};

/// Where no token ends a text, none is named: llama.cpp then takes token 11, which is a byte that
/// texts do not have (0x0B).
void describe(Keys& keys, const BytePairTokenizer& tokenizer) {
  std::vector<std::string> tokens, merges;
  std::vector<std::int32_t> types;
  constexpr std::int32_t normal = 1, control = 3;
  for (Token t = 0; t < tokenizer.vocab_size(); ++t) {
    tokens.push_back(detail::to_visible(tokenizer.bytes(t)));
    types.push_back(normal);
  }
  for (const Token t : tokenizer.special_tokens()) {
    tokens[static_cast<std::size_t>(t)] = tokenizer.bytes(t);
    types[static_cast<std::size_t>(t)] = control;
  }
  std::set<std::string_view> different;
  for (const std::string& token : tokens)
    if (!different.insert(token).second)
      throw Error(fmt::format("the special token \"{}\" is also a piece", token));
  for (const auto& merge : tokenizer.merges())
    merges.push_back(detail::to_visible(tokenizer.bytes(merge.left)) + " " +
                     detail::to_visible(tokenizer.bytes(merge.right)));
  keys.set("tokenizer.ggml.model", "gpt2");
  keys.set("tokenizer.ggml.pre", "gpt-2");
  keys.set("tokenizer.ggml.tokens", tokens);
  keys.set("tokenizer.ggml.token_type", types);
  keys.set("tokenizer.ggml.merges", merges);
  keys.set("tokenizer.ggml.add_bos_token", false);
}

void describe(Keys& keys, const AnyTokenizer& tokenizer) {
  tokenizer.visit([&](const auto& concrete) {
    if constexpr (requires { concrete.pre_tokenization(); })
      if (concrete.pre_tokenization() == PreTokenization::gpt2) return describe(keys, concrete);
    throw Error(fmt::format(
        "llama.cpp knows byte pairs by GPT-2's rule, but this tokenizer is one of {}: train a "
        "model with PreTokenization::gpt2 (damla train --tokens gpt2-pairs)",
        tokenizer.kind() == "byte pairs" ? "byte pairs by the Turkish rule" : tokenizer.kind()));
  });
  if (const auto end = tokenizer.end_of_text())
    for (const char* key : {"tokenizer.ggml.bos_token_id", "tokenizer.ggml.eos_token_id"})
      keys.set(key, Index{*end});
}

void describe(Keys& keys, const GptOptions& o) {
  keys.set("general.architecture", "gpt2");
  keys.set("gpt2.context_length", o.context);
  keys.set("gpt2.embedding_length", o.channels);
  keys.set("gpt2.feed_forward_length", 4 * o.channels);
  keys.set("gpt2.block_count", o.layers);
  keys.set("gpt2.attention.head_count", o.heads);
  keys.set("gpt2.attention.layer_norm_epsilon", 1e-5f);
}

/// Parts by their names in the model, and in GGUF.
constexpr std::pair<std::string_view, std::string_view> parts[] = {
    {"wte", "token_embd"},       {"wpe", "position_embd"},       {"ln_f", "output_norm"},
    {"lm_head", "output"},       {"ln_1", "attn_norm"},          {"ln_2", "ffn_norm"},
    {"attn.c_attn", "attn_qkv"}, {"attn.c_proj", "attn_output"}, {"mlp.c_fc", "ffn_up"},
    {"mlp.c_proj", "ffn_down"}};

/// A parameter as the file keeps it: rows are outputs, columns inputs.
struct Tensor {
  std::string name;
  ConstView values;
  bool vector;
  WeightType type;

  std::uint64_t bytes() const {
    return static_cast<std::uint64_t>(values.height()) * row_bytes(type, values.width());
  }
};

/// "h.3.attn.c_attn.weight" is "blk.3.attn_qkv.weight".
Tensor tensor_of(std::string_view name, const Parameter& p, WeightType type) {
  const std::size_t dot = name.rfind('.');
  std::string_view part = name.substr(0, dot), suffix = name.substr(dot);
  std::string in_block;
  if (part.starts_with("h.")) {
    const std::size_t end = part.find('.', 2) + 1;
    in_block = fmt::format("blk.{}", part.substr(2, end - 2));
    part.remove_prefix(end);
  }
  for (const auto& [ours, theirs] : parts)
    if (part == ours) part = theirs;
  const bool vector = suffix == ".bias" || part.ends_with("_norm");
  ConstView values = p.value;
  if (!vector && !in_block.empty()) values = values.transpose();
  if (vector || part == "position_embd") type = WeightType::f32;
  return {fmt::format("{}{}{}", in_block, part, suffix), values, vector, type};
}

void put_numbers(std::string& out, const auto& numbers) {
  out.append(reinterpret_cast<const char*>(numbers.data()),
             static_cast<std::size_t>(numbers.size()) * sizeof(numbers[0]));
}

/// One row, as the file has it.
void put_row(std::string& out, const Eigen::RowVectorXf& row, const Tensor& tensor) {
  if (!row.allFinite()) throw Error(tensor.name + " has a number that is not finite");
  if (tensor.type == WeightType::f32) return put_numbers(out, row);
  if (tensor.type == WeightType::f16) {
    const auto half = row.cast<Eigen::half>().eval();
    if (!half.allFinite())
      throw Error(tensor.name + " has a number that is too large for F16: try f32");
    return put_numbers(out, half);
  }
  std::vector<functional::EightBits> blocks(
      static_cast<std::size_t>(functional::eight_bit_blocks(row.size())));
  functional::quantize<float>(blocks, row);
  put_numbers(out, blocks);
}

void write(const std::string& path, const Keys& keys, const std::vector<Tensor>& tensors) {
  std::string header = "GGUF";
  put(header, version);
  put(header, std::uint64_t{tensors.size()});
  put(header, keys.count);
  header += keys.bytes;
  std::uint64_t offset = 0;
  for (const Tensor& t : tensors) {
    put(header, t.name);
    put(header, std::uint32_t{t.vector ? 1u : 2u});
    put(header, static_cast<std::uint64_t>(t.values.width()));
    if (!t.vector) put(header, static_cast<std::uint64_t>(t.values.height()));
    put(header, code_of(t.type).tensor);
    put(header, offset);
    offset += padded(t.bytes());
  }
  header.resize(padded(header.size()), '\0');
  const auto write_all = [&](const ByteSink& sink) {
    sink(header);
    std::string bytes;
    Eigen::RowVectorXf row;
    for (const Tensor& t : tensors) {
      const ConstView& v = t.values;
      row.resize(v.width());
      for (Index r = 0; r < v.height(); ++r) {
        for (Index c = 0; c < v.width(); ++c)
          row[c] = static_cast<float>(v.transposed ? v.row(c)[r] : v.row(r)[c]);
        bytes.clear();
        detail::naming("save_gguf", path, [&] { put_row(bytes, row, t); });
        sink(bytes);
      }
      sink(std::string(padded(t.bytes()) - t.bytes(), '\0'));
    }
  };
  write_file_whole(path, write_all);
}

}  // namespace

void save_gguf(const std::string& path, Gpt<>& model, const AnyTokenizer& tokenizer,
               WeightType type) {
  const GptOptions& o = model.options;
  Keys keys;
  detail::naming("save_gguf", path, [&] {
    if (tokenizer.vocab_size() != o.vocab_size)
      throw Error(
          fmt::format("the tokenizer has {} tokens, but the model's vocabulary has {}: do "
                      "they come from one training?",
                      tokenizer.vocab_size(), o.vocab_size));
    if (type == WeightType::q8_0 && o.channels % block != 0)
      throw Error(
          fmt::format("q8_0 keeps weights in blocks of {}, but the model has {} channels: "
                      "try f16, or train one whose channels are a multiple of {}",
                      block, o.channels, block));
    describe(keys, o);
    keys.set("general.name", path.substr(path.find_last_of("/\\") + 1));
    keys.set("general.alignment", alignment);
    keys.set("general.file_type", code_of(type).file);
    describe(keys, tokenizer);
  });
  std::vector<Tensor> tensors;
  model.visit_parameters(
      [&](std::string_view name, Parameter& p) { tensors.push_back(tensor_of(name, p, type)); });
  write(path, keys, tensors);
}

}}  // namespace damla::DAMLA_ABI
