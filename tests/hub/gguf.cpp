#include "damla/hub/gguf.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "damla/core/files.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/random_data.hpp"
#include "helpers/temporary_file.hpp"

using namespace damla;

namespace {

/// A GGUF file, read by its description (ggml's docs/gguf.md).
class Gguf {
 public:
  struct Tensor {
    std::vector<std::uint64_t> dimensions;
    std::uint32_t type;
    std::uint64_t offset;
  };
  nlohmann::json keys;
  std::map<std::string, Tensor> tensors;
  std::size_t data;  // where the tensors begin

  explicit Gguf(const std::string& path) : bytes_(read_file(path)) {
    REQUIRE(bytes_.substr(0, 4) == "GGUF");
    at_ = 4;
    REQUIRE(get<std::uint32_t>() == 3);
    const auto tensor_count = get<std::uint64_t>(), key_count = get<std::uint64_t>();
    for (std::uint64_t i = 0; i < key_count; ++i) {
      const std::string key = text();
      REQUIRE(!keys.contains(key));
      keys[key] = value(get<std::uint32_t>());
    }
    for (std::uint64_t i = 0; i < tensor_count; ++i) {
      Tensor& t = tensors[text()];
      t.dimensions.resize(get<std::uint32_t>());
      for (std::uint64_t& d : t.dimensions) d = get<std::uint64_t>();
      t.type = get<std::uint32_t>();
      t.offset = get<std::uint64_t>();
    }
    REQUIRE(tensors.size() == tensor_count);
    data = (at_ + 31) / 32 * 32;
  }

  std::size_t size() const { return bytes_.size(); }

  /// A tensor's numbers, rows of dimensions[0].
  Matrix matrix(const std::string& name) {
    const Tensor& t = tensors.at(name);
    const auto cols = static_cast<Index>(t.dimensions[0]),
               rows = t.dimensions.size() == 1 ? 1 : static_cast<Index>(t.dimensions[1]);
    Matrix m(rows, cols);
    at_ = data + t.offset;
    float scale = 1;
    for (Index i = 0; i < m.size(); ++i) {
      if (t.type == 8 && i % 32 == 0) scale = static_cast<float>(get<Eigen::half>());
      m.data()[i] = t.type == 0    ? Scalar(get<float>())
                    : t.type == 1  ? Scalar(get<Eigen::half>())
                    : t.type == 30 ? Scalar(get<Eigen::bfloat16>())
                                   : Scalar(scale) * Scalar(get<std::int8_t>());
    }
    return m;
  }
  /// Where a tensor ends.
  std::size_t end(const std::string& name) {
    matrix(name);
    return at_;
  }

 private:
  template <class T>
  T get() {
    T number;
    REQUIRE(at_ + sizeof number <= bytes_.size());
    std::memcpy(&number, bytes_.data() + at_, sizeof number);
    at_ += sizeof number;
    return number;
  }
  std::string text() {
    const auto length = get<std::uint64_t>();
    REQUIRE(length <= bytes_.size() - at_);
    at_ += length;
    return bytes_.substr(at_ - length, length);
  }
  nlohmann::json value(std::uint32_t kind) {
    if (kind == 4) return get<std::uint32_t>();
    if (kind == 5) return get<std::int32_t>();
    if (kind == 6) return get<float>();
    if (kind == 7) return get<bool>();
    if (kind == 8) return text();
    REQUIRE(kind == 9);
    const auto inner = get<std::uint32_t>();
    nlohmann::json list = nlohmann::json::array();
    for (auto n = get<std::uint64_t>(); n > 0; --n) list.push_back(value(inner));
    return list;
  }

  std::string bytes_;
  std::size_t at_ = 0;
};

const std::string drops = "göl göl damla damla damlaya";

BytePairTokenizer pairs(PreTokenization rule = PreTokenization::gpt2) {
  return BytePairTokenizer::train(
      drops,
      {.vocab_size = 262, .pre_tokenization = rule, .special_tokens = {"<|endoftext|>", "<son>"}});
}

Gpt<> gpt(bool tied = true, Index channels = 32) {
  Random random(5);
  Gpt<> model({.vocab_size = 262,
               .context = 7,
               .channels = channels,
               .heads = 4,
               .layers = 2,
               .tied = tied,
               .init_std = 0.07},
              random);
  enlarge(model, random);
  return model;
}

/// What the file should hold: (rows of outputs, columns of inputs).
std::map<std::string, Matrix> expected(Gpt<>& model) {
  std::map<std::string, Matrix> all{
      {"token_embd.weight", model.transformer.token_embedding.weight.value},
      {"position_embd.weight", model.transformer.positions.weight.value},
      {"output_norm.weight", model.transformer.final_norm.weight.value},
      {"output_norm.bias", model.transformer.final_norm.bias.value}};
  if (!model.options.tied) all["output.weight"] = model.lm_head.value;
  for (std::size_t i = 0; i < model.transformer.blocks.size(); ++i) {
    auto& b = model.transformer.blocks[i];
    const auto linear = [&](const char* name, const Linear& l) {
      all[fmt::format("blk.{}.{}.weight", i, name)] = l.weight.value.transpose();
      all[fmt::format("blk.{}.{}.bias", i, name)] = l.bias.value;
    };
    const auto norm = [&](const char* name, const LayerNorm& n) {
      all[fmt::format("blk.{}.{}.weight", i, name)] = n.weight.value;
      all[fmt::format("blk.{}.{}.bias", i, name)] = n.bias.value;
    };
    norm("attn_norm", b.norm_1);
    linear("attn_qkv", b.attention.qkv);
    linear("attn_output", b.attention.projection);
    norm("ffn_norm", b.norm_2);
    linear("ffn_up", b.feed_forward.up);
    linear("ffn_down", b.feed_forward.down);
  }
  return all;
}

bool is_weight(const std::string& name) {
  return name.ends_with(".weight") && name.find("norm") == name.npos &&
         name.find("position") == name.npos;
}

}  // namespace

TEST_CASE("a GGUF file has the model's sizes, the tokenizer, and each tensor in its place") {
  const TemporaryFile file("sizes.gguf");
  Gpt<> model = gpt();
  save_gguf(file.path, model, pairs(), WeightType::f16);
  Gguf read(file.path);

  CHECK(read.keys["general.architecture"] == "gpt2");
  CHECK(read.keys["general.file_type"] == 1);
  CHECK(read.keys["general.alignment"] == 32);
  CHECK(read.keys["gpt2.context_length"] == 7);
  CHECK(read.keys["gpt2.embedding_length"] == 32);
  CHECK(read.keys["gpt2.feed_forward_length"] == 128);
  CHECK(read.keys["gpt2.block_count"] == 2);
  CHECK(read.keys["gpt2.attention.head_count"] == 4);
  CHECK(read.keys["gpt2.attention.layer_norm_epsilon"] == 1e-5f);

  CHECK(read.keys["tokenizer.ggml.model"] == "gpt2");
  CHECK(read.keys["tokenizer.ggml.pre"] == "gpt-2");
  const auto tokens = read.keys["tokenizer.ggml.tokens"];
  REQUIRE(tokens.size() == 262);
  CHECK(tokens[' '] == "Ġ");
  CHECK(tokens[0xC3] == "Ã");
  CHECK(tokens[260] == "<|endoftext|>");
  CHECK(tokens[261] == "<son>");
  const auto merges = read.keys["tokenizer.ggml.merges"];
  REQUIRE(merges.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {  // the result of a merge is a token
    std::string joined = merges[i];
    joined.erase(joined.find(' '), 1);
    CHECK(tokens[256 + i] == joined);
  }
  const auto types = read.keys["tokenizer.ggml.token_type"];
  for (std::size_t t = 0; t < 262; ++t) CHECK(types[t] == (t >= 260 ? 3 : 1));
  CHECK(read.keys["tokenizer.ggml.eos_token_id"] == 260);
  CHECK(read.keys["tokenizer.ggml.bos_token_id"] == 260);
  CHECK(read.keys["tokenizer.ggml.add_bos_token"] == false);

  std::size_t expected_offset = 0;
  std::map<std::uint64_t, std::string> in_order;
  for (const auto& [name, t] : read.tensors) in_order[t.offset] = name;
  REQUIRE(in_order.size() == read.tensors.size());
  for (const auto& [offset, name] : in_order) {
    CHECK(offset == expected_offset);
    expected_offset = (read.end(name) - read.data + 31) / 32 * 32;
  }
  CHECK(read.size() == read.data + expected_offset);
}

TEST_CASE("a GGUF file has the model's numbers, and weights as exact as their type") {
  for (const bool tied : {true, false}) {
    Gpt<> model = gpt(tied);
    const auto all = expected(model);
    for (const WeightType type :
         {WeightType::f32, WeightType::f16, WeightType::bf16, WeightType::q8_0}) {
      const TemporaryFile file("values.gguf");
      save_gguf(file.path, model, pairs(), type);
      Gguf read(file.path);
      REQUIRE(read.tensors.size() == all.size());
      for (const auto& [name, values] : all) {
        INFO(name);
        REQUIRE(read.tensors.contains(name));
        const Matrix m = read.matrix(name);
        REQUIRE(m.rows() == values.rows());
        REQUIRE(m.cols() == values.cols());
        CHECK(read.tensors[name].dimensions.size() ==
              (is_weight(name) || name.starts_with("pos") ? 2 : 1));
        if (type == WeightType::f32 || !is_weight(name)) {
          CHECK(m == values.cast<float>().cast<Scalar>());
          CHECK(read.tensors[name].type == 0);
        } else if (type == WeightType::f16) {  // 11 bits, fewer below 2⁻¹⁴
          CHECK(
              ((m - values).array().abs() <= values.array().abs() / 2048 + Scalar(1.0 / (1 << 25)))
                  .all());
          CHECK(read.tensors[name].type == 1);
        } else if (type == WeightType::bf16) {  // 8 bits
          CHECK(((m - values).array().abs() <= values.array().abs() / 256).all());
          CHECK(read.tensors[name].type == 30);
        } else {  // half a step, and the scale's own 11 bits
          for (Index i = 0; i < m.size(); i += 32) {
            const auto w = Eigen::Map<const RowVector>(values.data() + i, 32),
                       kept = Eigen::Map<const RowVector>(m.data() + i, 32);
            const Scalar largest = w.cwiseAbs().maxCoeff();
            CHECK((w - kept).cwiseAbs().maxCoeff() <= largest * Scalar(0.5 / 127 + 1.0 / 2048));
          }
          CHECK(read.tensors[name].type == 8);
        }
      }
    }
  }
}

TEST_CASE("zeros and the largest numbers fit into eight bits") {
  Gpt<> model = gpt();
  Matrix& w = model.transformer.token_embedding.weight.value;
  w.row(0).setZero();
  w.row(1).setConstant(-2);
  const TemporaryFile file("zeros.gguf");
  save_gguf(file.path, model, pairs(), WeightType::q8_0);
  const Matrix kept = Gguf(file.path).matrix("token_embd.weight");
  CHECK(kept.row(0).isZero(0));
  CHECK((kept.row(1).array() + 2).abs().maxCoeff() <= Scalar(2.0 / 2048));
}

TEST_CASE("what no GGUF file can say is refused in a sentence, and the old file stays") {
  const TemporaryFile file("refused.gguf");
  file.write("the old one");
  const auto refuses = [&](Gpt<> model, const AnyTokenizer& tokenizer, WeightType type,
                           const char* why) {
    CHECK(error_says([&] { save_gguf(file.path, model, tokenizer, type); }, {file.path, why}));
    CHECK(read_file(file.path) == "the old one");
  };
  const auto sized = [](const AnyTokenizer& tokenizer) {
    Random random(1);
    return Gpt<>({.vocab_size = tokenizer.vocab_size(), .channels = 32}, random);
  };
  const AnyTokenizer turkish = pairs(PreTokenization::turkish);
  refuses(sized(turkish), turkish, WeightType::f32, "byte pairs by another rule: train");
  const AnyTokenizer letters = CharacterTokenizer::from_text(drops);
  refuses(sized(letters), letters, WeightType::f32, "characters");
  const AnyTokenizer words = WordTokenizer::from_text(drops, {});
  refuses(sized(words), words, WeightType::f32, "words");

  refuses(sized(letters), pairs(), WeightType::f32, "262 tokens");
  refuses(gpt(true, 16), pairs(), WeightType::q8_0, "token_embd.weight has 16 inputs");
  Gpt<> odd = gpt();
  auto& number = odd.transformer.blocks[1].feed_forward.up.weight.value(3, 2);
  number = 70000;
  refuses(odd, pairs(), WeightType::f16,
          "blk.1.ffn_up.weight has a number that is too large for f16");
  number = std::numeric_limits<Scalar>::quiet_NaN();
  for (const WeightType type :
       {WeightType::f32, WeightType::f16, WeightType::bf16, WeightType::q8_0})
    refuses(odd, pairs(), type, "blk.1.ffn_up.weight has a number that is not finite");
}

namespace {

LlamaOptions llama_options() {
  return {.vocab_size = 262, .context = 7, .channels = 32, .key_value_heads = 2, .head_size = 6};
}

Gguf written(const LlamaOptions& o, Llama<>& model) {
  Random random(6);
  model = Llama<>(o, random);
  enlarge(model, random);
  const TemporaryFile file("llama.gguf");
  save_gguf(file.path, model, pairs(), WeightType::f32);
  return Gguf(file.path);
}

}  // namespace

TEST_CASE("a GGUF file of the Llama family has its sizes, and heads whose pairs are neighbours") {
  Random random(6);
  Llama<> model(llama_options(), random);
  Gguf read = written(llama_options(), model);
  CHECK(read.keys["general.architecture"] == "llama");
  CHECK(read.keys["llama.feed_forward_length"] == model.options.inner);
  CHECK(read.keys["llama.attention.head_count"] == 4);
  CHECK(read.keys["llama.attention.head_count_kv"] == 2);
  CHECK(read.keys["llama.attention.key_length"] == 6);
  CHECK(read.keys["llama.attention.value_length"] == 6);
  CHECK(read.keys["llama.rope.dimension_count"] == 6);
  CHECK(read.keys["llama.rope.freq_base"] == 10000);
  CHECK(read.keys["llama.attention.layer_norm_rms_epsilon"] == 1e-5f);
  CHECK(read.tensors.size() == 2 + 2 * 9);

  auto& block = model.transformer.blocks[1];
  const Matrix q = read.matrix("blk.1.attn_q.weight"), k = read.matrix("blk.1.attn_k.weight");
  REQUIRE(q.rows() == 24);
  REQUIRE(k.rows() == 12);
  const Index order[] = {0, 3, 1, 4, 2, 5};  // i and i + d/2 come side by side
  for (Index head = 0; head < 24; head += 6)
    for (Index i = 0; i < 6; ++i) {
      CHECK(q.row(head + i) == block.attention.queries.weight.value.col(head + order[i])
                                   .transpose()
                                   .cast<float>()
                                   .cast<Scalar>());
      if (head < 12)
        CHECK(k.row(head + i) == block.attention.keys.weight.value.col(head + order[i])
                                     .transpose()
                                     .cast<float>()
                                     .cast<Scalar>());
    }
  const auto same = [&](const char* name, const Matrix& values) {
    INFO(name);
    CHECK(read.matrix(name) == values.cast<float>().cast<Scalar>());
  };
  same("token_embd.weight", model.transformer.token_embedding.weight.value);
  same("output_norm.weight", model.transformer.final_norm.weight.value);
  same("blk.1.attn_v.weight", block.attention.values.weight.value.transpose());
  same("blk.1.attn_output.weight", block.attention.projection.weight.value.transpose());
  same("blk.1.attn_norm.weight", block.norm_1.weight.value);
  same("blk.1.ffn_norm.weight", block.norm_2.weight.value);
  same("blk.1.ffn_gate.weight", block.feed_forward.gate.weight.value.transpose());
  same("blk.1.ffn_up.weight", block.feed_forward.up.weight.value.transpose());
  same("blk.1.ffn_down.weight", block.feed_forward.down.weight.value.transpose());
}

TEST_CASE(
    "in a GGUF file Qwen's heads stay halves, and Llama 3's scaling is a factor for each pair") {
  Random random(6);
  Llama<> model(llama_options(), random);
  LlamaOptions o = llama_options();
  o.qkv_bias = true;
  Gguf qwen2 = written(o, model);
  CHECK(qwen2.keys["general.architecture"] == "qwen2");
  const auto& queries = model.transformer.blocks[0].attention.queries;
  CHECK(qwen2.matrix("blk.0.attn_q.weight") ==
        queries.weight.value.transpose().cast<float>().cast<Scalar>());
  CHECK(qwen2.matrix("blk.0.attn_q.bias") == queries.bias.value.cast<float>().cast<Scalar>());

  o = llama_options(), o.qk_norm = true;
  Gguf qwen3 = written(o, model);
  CHECK(qwen3.keys["general.architecture"] == "qwen3");
  CHECK(qwen3.tensors["blk.0.attn_q_norm.weight"].dimensions == std::vector<std::uint64_t>{6});
  CHECK(qwen3.tensors.contains("blk.0.attn_k_norm.weight"));

  // Over 64 tokens, pairs turn 64/2π = 10 times, 0.47 and 0.02: the first is kept, the others wait.
  o = llama_options(), o.rotary.scaling = RotaryScaling{.factor = 4, .original_context = 64};
  const Matrix slower = written(o, model).matrix("rope_freqs.weight");
  CHECK(slower == (Matrix(1, 3) << 1, 4, 4).finished());
}

TEST_CASE("models of the Llama family that llama.cpp does not compute are refused") {
  const TemporaryFile file("no_llama.gguf");
  const auto refuses = [&](const LlamaOptions& o, const char* why) {
    Random random(1);
    Llama<> model(o, random);
    CHECK(error_says([&] { save_gguf(file.path, model, pairs(), WeightType::f32); },
                     {file.path, why}));
    CHECK(!std::filesystem::exists(file.path));
  };
  LlamaOptions o = llama_options();
  o.qkv_bias = o.qk_norm = true;
  refuses(o, "both qkv_bias and qk_norm");
  o.qkv_bias = false, o.rotary.pairs = functional::RotaryPairs::neighbours;
  refuses(o, "by halves");
}

TEST_CASE("a GGUF file names the rule that cuts text, where llama.cpp has it") {
  const TemporaryFile file("rules.gguf");
  const auto rule_of = [&](const BytePairRules& rules) -> std::string {
    const BytePairTokenizer trained = pairs();
    BytePairParts parts;
    parts.rules = rules;
    for (Token t = 0; t < trained.vocab_size(); ++t) parts.pieces.emplace_back(trained.bytes(t));
    parts.special_tokens.assign(trained.special_tokens().begin(), trained.special_tokens().end());
    for (const auto& m : trained.merges()) parts.merges.push_back({m.left, m.right});
    Gpt<> model = gpt();
    try {
      save_gguf(file.path, model, BytePairTokenizer(parts), WeightType::f32);
    } catch (const Error&) {
      return "refused";
    }
    return Gguf(file.path).keys["tokenizer.ggml.pre"];
  };
  using enum PreTokenization;
  CHECK(rule_of({.pre_tokenization = qwen2}) == "qwen2");
  CHECK(rule_of({.pre_tokenization = smollm2}) == "smollm");
  CHECK(rule_of({.pre_tokenization = llama3, .whole_words_first = true}) == "llama-bpe");
  CHECK(rule_of({.pre_tokenization = llama3}) == "refused");
  CHECK(rule_of({.pre_tokenization = gpt2, .whole_words_first = true}) == "refused");
}

TEST_CASE("a GGUF file of Llama 2's kind of tokenizer has scores in the order of its merges") {
  BytePairParts parts;
  parts.rules = {.pre_tokenization = PreTokenization::metaspace,
                 .space_in_front = SpaceInFront::every_part};
  parts.pieces = {"<unk>", "<s>"};
  parts.special_tokens = {0, 1};
  for (int b = 0; b < 256; ++b) {
    parts.byte_tokens.push_back(static_cast<Token>(parts.pieces.size()));
    parts.pieces.emplace_back(1, static_cast<char>(b));
  }
  for (const char* piece : {" ", "g", "ö", "öl", "göl", " göl"}) parts.pieces.emplace_back(piece);
  parts.pieces.emplace_back("l");
  parts.merges = {{260, 264}, {259, 261}, {258, 262}};
  AnyTokenizer tokenizer = BytePairTokenizer(parts);
  tokenizer.set_text_limits(1, {});
  Random random(1);
  Gpt<> model({.vocab_size = tokenizer.vocab_size(), .channels = 4}, random);
  const TemporaryFile file("metaspace.gguf");
  save_gguf(file.path, model, tokenizer, WeightType::f32);
  const Gguf read(file.path);
  CHECK(read.keys["tokenizer.ggml.model"] == "llama");
  CHECK(read.keys["tokenizer.ggml.add_space_prefix"] == true);
  CHECK(read.keys["tokenizer.ggml.unknown_token_id"] == 0);
  CHECK(read.keys["tokenizer.ggml.bos_token_id"] == 1);
  CHECK(read.keys["tokenizer.ggml.add_bos_token"] == true);
  CHECK(!read.keys.contains("tokenizer.ggml.eos_token_id"));
  const auto tokens = read.keys["tokenizer.ggml.tokens"],
             types = read.keys["tokenizer.ggml.token_type"],
             scores = read.keys["tokenizer.ggml.scores"];
  CHECK(tokens[2 + '\n'] == "<0x0A>");
  CHECK(tokens[263] == "▁göl");
  CHECK(types[0] == 2);
  CHECK(types[1] == 3);
  CHECK(types[2 + '\n'] == 6);
  CHECK(types[263] == 1);
  CHECK(scores[261] == 0);
  CHECK(scores[262] == -1);
  CHECK(scores[263] == -2);
}
