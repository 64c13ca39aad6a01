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
    case WeightType::bf16:
      return {30, 32};
    case WeightType::q8_0:
      return {8, 7};
  }
  throw Error("save_gguf: this is no type of weights: f32, f16, bf16 and q8_0 are");
}

std::uint64_t row_bytes(WeightType type, Index cols) {
  const auto n = static_cast<std::uint64_t>(cols);
  if (type == WeightType::f32) return 4 * n;
  if (type != WeightType::q8_0) return 2 * n;
  return n / functional::EightBits::size * sizeof(functional::EightBits);
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
  void set(const std::string& key, const std::vector<float>& list) { add(key, 6, list); }
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

/// What llama.cpp calls a rule that cuts text; nothing for one that it does not have.
std::string name_of(const BytePairRules& rules) {
  // Only Llama 3's rule takes whole words first there, and it always does; and spaces come in front
  // of every part between special tokens, or never.
  if (rules.space_in_front == SpaceInFront::first_part) return {};
  if (rules.whole_words_first != (rules.pre_tokenization == PreTokenization::llama3)) return {};
  switch (rules.pre_tokenization) {
    case PreTokenization::gpt2:
      return "gpt-2";
    case PreTokenization::llama3:
      return "llama-bpe";
    case PreTokenization::qwen2:
      return "qwen2";
    case PreTokenization::smollm2:
      return "smollm";
    case PreTokenization::metaspace:
      return "default";
    default:
      return {};
  }
}

/// Kinds of tokens.
constexpr std::int32_t normal_token = 1, unknown_token = 2, control_token = 3, byte_token = 6;

/// Llama 2's kind: of all neighbours whose text together is a token, llama.cpp merges those with
/// the highest score. Its tokens have ▁ for a space.
void describe_metaspace(Keys& keys, const BytePairTokenizer& tokenizer,
                        std::vector<std::string>& tokens, std::vector<std::int32_t>& types) {
  std::vector<float> scores(tokens.size(), 0);
  for (std::size_t rank = tokenizer.merges().size(); rank-- > 0;)
    scores[static_cast<std::size_t>(tokenizer.merges()[rank].result)] = -static_cast<float>(rank);
  for (unsigned b = 0; b < 256; ++b) {
    const Token t = tokenizer.byte_token(static_cast<unsigned char>(b));
    tokens[static_cast<std::size_t>(t)] = detail::byte_piece(b);
    types[static_cast<std::size_t>(t)] = byte_token;
  }
  for (std::size_t t = 0; t < tokens.size(); ++t)
    if (types[t] == control_token && tokens[t] == "<unk>") {
      types[t] = unknown_token;
      keys.set("tokenizer.ggml.unknown_token_id", static_cast<Index>(t));
    }
  keys.set("tokenizer.ggml.scores", scores);
  keys.set("tokenizer.ggml.add_space_prefix",
           tokenizer.rules().space_in_front != SpaceInFront::never);
}

/// GPT-2's kind: merges, of tokens whose bytes are visible characters.
void describe_merges(Keys& keys, const BytePairTokenizer& tokenizer) {
  std::vector<std::string> merges;
  for (const auto& merge : tokenizer.merges())
    merges.push_back(detail::to_visible(tokenizer.bytes(merge.left)) + " " +
                     detail::to_visible(tokenizer.bytes(merge.right)));
  keys.set("tokenizer.ggml.merges", merges);
}

void describe(Keys& keys, const BytePairTokenizer& tokenizer) {
  const bool metaspace = tokenizer.pre_tokenization() == PreTokenization::metaspace;
  const auto visible = metaspace ? detail::with_visible_spaces : detail::to_visible;
  std::vector<std::string> tokens;
  for (Token t = 0; t < tokenizer.vocab_size(); ++t) tokens.push_back(visible(tokenizer.bytes(t)));
  std::vector<std::int32_t> types(tokens.size(), normal_token);
  for (const Token t : tokenizer.special_tokens()) {
    tokens[static_cast<std::size_t>(t)] = tokenizer.bytes(t);
    types[static_cast<std::size_t>(t)] = control_token;
  }
  keys.set("tokenizer.ggml.model", metaspace ? "llama" : "gpt2");
  keys.set("tokenizer.ggml.pre", name_of(tokenizer.rules()));
  if (metaspace) describe_metaspace(keys, tokenizer, tokens, types);
  else describe_merges(keys, tokenizer);
  std::set<std::string_view> different;
  for (const std::string& token : tokens)
    if (!different.insert(token).second)
      throw Error(fmt::format("the special token \"{}\" is also a piece", token));
  keys.set("tokenizer.ggml.tokens", tokens);
  keys.set("tokenizer.ggml.token_type", types);
}

/// Where no token ends a text, none is named: llama.cpp then takes one by its number, which is a
/// byte that texts do not have (0x0B) in a vocabulary that was trained here.
void describe(Keys& keys, const AnyTokenizer& tokenizer) {
  tokenizer.visit([&](const auto& concrete) {
    if constexpr (requires { concrete.rules(); })
      if (!name_of(concrete.rules()).empty()) return describe(keys, concrete);
    throw Error(fmt::format(
        "llama.cpp knows byte pairs by the rules of GPT-2, Llama, Qwen and SmolLM, but this "
        "tokenizer is one of {}: train a model with PreTokenization::gpt2 (damla train --tokens "
        "gpt2-pairs)",
        tokenizer.kind() == "byte pairs" ? "byte pairs by another rule" : tokenizer.kind()));
  });
  const auto begin = tokenizer.begin_of_text(), end = tokenizer.end_of_text();
  keys.set("tokenizer.ggml.add_bos_token", begin.has_value());
  if (begin || end) keys.set("tokenizer.ggml.bos_token_id", Index{begin ? *begin : *end});
  if (end) keys.set("tokenizer.ggml.eos_token_id", Index{*end});
}

/// The sizes, under the name that llama.cpp has for such a model.
void describe(Keys& keys, const GptOptions& o) {
  keys.set("general.architecture", "gpt2");
  keys.set("gpt2.context_length", o.context);
  keys.set("gpt2.embedding_length", o.channels);
  keys.set("gpt2.feed_forward_length", 4 * o.channels);
  keys.set("gpt2.block_count", o.layers);
  keys.set("gpt2.attention.head_count", o.heads);
  keys.set("gpt2.attention.layer_norm_epsilon", 1e-5f);
}

std::string architecture(const LlamaOptions& o) {
  return o.qk_norm ? "qwen3" : o.qkv_bias ? "qwen2" : "llama";
}

void describe(Keys& keys, const LlamaOptions& o) {
  const std::string name = architecture(o);
  if (o.qk_norm && o.qkv_bias)
    throw Error("llama.cpp knows no model with both qkv_bias and qk_norm: train one with either");
  if (name != "llama" && (o.rotary.scaling || o.rotary.pairs != functional::RotaryPairs::halves))
    throw Error(
        "llama.cpp knows models with qkv_bias or qk_norm only with rotary positions by "
        "halves and without scaling");
  keys.set("general.architecture", name);
  keys.set(name + ".context_length", o.context);
  keys.set(name + ".embedding_length", o.channels);
  keys.set(name + ".feed_forward_length", o.inner);
  keys.set(name + ".block_count", o.layers);
  keys.set(name + ".attention.head_count", o.heads);
  keys.set(name + ".attention.head_count_kv", o.key_value_heads);
  keys.set(name + ".attention.key_length", o.head_size);
  keys.set(name + ".attention.value_length", o.head_size);
  keys.set(name + ".attention.layer_norm_rms_epsilon", static_cast<float>(o.epsilon));
  keys.set(name + ".rope.dimension_count", o.head_size);
  keys.set(name + ".rope.freq_base", static_cast<float>(o.rotary.theta));
}

/// A matrix as the file keeps it: rows are outputs, columns inputs.
struct Tensor {
  std::string name;
  const Matrix* values;
  WeightType type;
  bool vector = false, transposed = false;
  Index pairs_in = 0;  ///< d, where the halves of each head of d rows become pairs of neighbours

  Index rows() const { return transposed ? values->cols() : values->rows(); }
  Index cols() const { return transposed ? values->rows() : values->cols(); }
  std::uint64_t bytes() const {
    return static_cast<std::uint64_t>(rows()) * row_bytes(type, cols());
  }
  Eigen::RowVectorXf row(Index r) const {
    if (pairs_in > 0) {
      const Index i = r % pairs_in;
      r += i % 2 * (pairs_in / 2) + i / 2 - i;
    }
    if (transposed) return values->col(r).transpose().cast<float>();
    return values->row(r).cast<float>();
  }
};

/// Parts by their names in the model, and in GGUF.
constexpr std::pair<std::string_view, std::string_view> part_names[] = {
    {"wte", "token_embd"},
    {"wpe", "position_embd"},
    {"ln_f", "output_norm"},
    {"lm_head", "output"},
    {"ln_1", "attn_norm"},
    {"attn.c_attn", "attn_qkv"},
    {"attn.c_proj", "attn_output"},
    {"ln_2", "ffn_norm"},
    {"mlp.c_fc", "ffn_up"},
    {"mlp.c_proj", "ffn_down"},
    {"embed_tokens", "token_embd"},
    {"norm", "output_norm"},
    {"input_layernorm", "attn_norm"},
    {"self_attn.q_proj", "attn_q"},
    {"self_attn.k_proj", "attn_k"},
    {"self_attn.v_proj", "attn_v"},
    {"self_attn.o_proj", "attn_output"},
    {"self_attn.q_norm", "attn_q_norm"},
    {"self_attn.k_norm", "attn_k_norm"},
    {"post_attention_layernorm", "ffn_norm"},
    {"mlp.gate_proj", "ffn_gate"},
    {"mlp.up_proj", "ffn_up"},
    {"mlp.down_proj", "ffn_down"}};

/// "h.3.attn.c_attn.weight" is "blk.3.attn_qkv.weight".
Tensor tensor_of(std::string_view name, const Parameter& p, WeightType type) {
  const std::size_t dot = name.rfind('.');
  std::string_view part = name.substr(0, dot), suffix = name.substr(dot);
  std::string in_block;
  if (part.starts_with("h.") || part.starts_with("layers.")) {
    const std::size_t number = part.find('.') + 1, end = part.find('.', number) + 1;
    in_block = fmt::format("blk.{}", part.substr(number, end - number));
    part.remove_prefix(end);
  }
  for (const auto& [ours, theirs] : part_names)
    if (part == ours) {
      part = theirs;
      break;
    }
  Tensor t{fmt::format("{}{}{}", in_block, part, suffix), &p.value, type};
  t.vector = suffix == ".bias" || part.ends_with("_norm");
  t.transposed = !t.vector && !in_block.empty();
  if (t.vector || part == "position_embd") t.type = WeightType::f32;
  return t;
}

template <class Numbers>
void put_numbers(std::string& out, const Numbers& numbers) {
  out.append(reinterpret_cast<const char*>(numbers.data()),
             static_cast<std::size_t>(numbers.size()) * sizeof(numbers[0]));
}

void put_row(std::string& out, const Eigen::RowVectorXf& row, const Tensor& tensor) {
  if (!row.allFinite()) throw Error(tensor.name + " has a number that is not finite");
  if (tensor.type == WeightType::f32) return put_numbers(out, row);
  if (tensor.type == WeightType::bf16) return put_numbers(out, row.cast<Eigen::bfloat16>().eval());
  if (tensor.type == WeightType::f16) {
    const auto half = row.cast<Eigen::half>().eval();
    if (!half.allFinite())
      throw Error(tensor.name + " has a number that is too large for f16: try bf16");
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
    put(header, static_cast<std::uint64_t>(t.cols()));
    if (!t.vector) put(header, static_cast<std::uint64_t>(t.rows()));
    put(header, code_of(t.type).tensor);
    put(header, offset);
    offset += padded(t.bytes());
  }
  header.resize(static_cast<std::size_t>(padded(header.size())), '\0');
  const auto write_all = [&](const ByteSink& sink) {
    sink(header);
    for (const Tensor& t : tensors) {
      for (Index r = 0; r < t.rows(); ++r) {
        std::string bytes;
        detail::naming("save_gguf", path, [&] { put_row(bytes, t.row(r), t); });
        sink(bytes);
      }
      sink(std::string(static_cast<std::size_t>(padded(t.bytes()) - t.bytes()), '\0'));
    }
  };
  write_file_whole(path, write_all);
}

void add_positions(std::vector<Tensor>&, const GptOptions&, Matrix&) {}

/// What makes llama.cpp turn its queries and keys as damla does. `slower` keeps the numbers.
void add_positions(std::vector<Tensor>& tensors, const LlamaOptions& o, Matrix& slower) {
  const bool to_neighbours =
      architecture(o) == "llama" && o.rotary.pairs == functional::RotaryPairs::halves;
  for (Tensor& t : tensors)
    if (t.name.ends_with("attn_q.weight") || t.name.ends_with("attn_k.weight"))
      t.pairs_in = to_neighbours ? o.head_size : 0;
  if (!o.rotary.scaling) return;
  const auto plain = Rotary(o.head_size, {.theta = o.rotary.theta}).frequencies,
             scaled = Rotary(o.head_size, o.rotary).frequencies;
  slower.resize(1, std::ssize(plain));
  for (std::size_t i = 0; i < plain.size(); ++i)
    slower(0, static_cast<Index>(i)) = static_cast<Scalar>(plain[i] / scaled[i]);
  tensors.push_back({"rope_freqs.weight", &slower, WeightType::f32, true});
}

template <class Model>
void save(const std::string& path, Model& model, const AnyTokenizer& tokenizer, WeightType type) {
  const auto& o = model.options;
  Keys keys;
  std::vector<Tensor> tensors;
  Matrix slower;
  detail::naming("save_gguf", path, [&] {
    if (tokenizer.vocab_size() != o.vocab_size)
      throw Error(
          fmt::format("the tokenizer has {} tokens, but the model's vocabulary has {}: do "
                      "they come from one training?",
                      tokenizer.vocab_size(), o.vocab_size));
    describe(keys, o);
    keys.set("general.name", path.substr(path.find_last_of("/\\") + 1));
    keys.set("general.alignment", alignment);
    keys.set("general.file_type", code_of(type).file);
    describe(keys, tokenizer);
    model.visit_parameters(
        [&](std::string_view name, Parameter& p) { tensors.push_back(tensor_of(name, p, type)); });
    add_positions(tensors, o, slower);
    for (const Tensor& t : tensors)
      if (t.type == WeightType::q8_0 && t.cols() % functional::EightBits::size != 0)
        throw Error(fmt::format(
            "q8_0 keeps weights in blocks of {}, but {} has {} inputs: try "
            "f16, or train a model whose channels are a multiple of {}",
            functional::EightBits::size, t.name, t.cols(), functional::EightBits::size));
  });
  write(path, keys, tensors);
}

}  // namespace

void save_gguf(const std::string& path, Gpt<>& model, const AnyTokenizer& tokenizer,
               WeightType type) {
  save(path, model, tokenizer, type);
}
void save_gguf(const std::string& path, Llama<>& model, const AnyTokenizer& tokenizer,
               WeightType type) {
  save(path, model, tokenizer, type);
}

}}  // namespace damla::DAMLA_ABI
