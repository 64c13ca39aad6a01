#include "damla/hub/gguf.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
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

const std::string text = "göl göl damla damla damlaya";

BytePairTokenizer pairs(PreTokenization rule = PreTokenization::gpt2) {
  return BytePairTokenizer::train(
      text,
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
  const AnyTokenizer letters = CharacterTokenizer::from_text(text);
  refuses(sized(letters), letters, WeightType::f32, "characters");
  const AnyTokenizer words = WordTokenizer::from_text(text, {});
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
