// hub_gguf FOLDERS: small models that are trained here, as FOLDERS/gguf/SHAPE.TYPE.gguf, and beside
// each in JSON what damla says behind some prompts when its weights are as exact as the file's; and
// the tokenizers of the folders that hub_folders wrote there, as model.gguf.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "damla/functional/eight_bits.hpp"
#include "damla/generate/generate.hpp"
#include "damla/hub/gguf.hpp"
#include "damla/hub/model_folder.hpp"
#include "damla/train/train.hpp"

using namespace damla;

namespace {

std::string sentence(Random& random) {
  static const std::vector<std::string> names = {"Ayşe", "Kemal", "Elif", "Mustafa", "Zeynep"},
                                        places = {"İzmir", "Bursa", "Ankara", "Şırnak", "Iğdır"},
                                        deeds = {"oturur", "çalışır", "büyüdü", "şarkı söyler"};
  const std::string name = random.pick(names), place = random.pick(places);
  return fmt::format("{} {}'{} {}. \"{}, {} nasıl?\" diye sordum; {} yıl önce gelmiş.\n", name,
                     place, place == "Ankara" ? "da" : "de", random.pick(deeds), name, place,
                     1 + random.below(30));
}

/// The weights that a file of this type holds: rounded along the inputs, which are rows here, but
/// columns in the tables.
void round_weights(auto& model, WeightType type) {
  model.visit_parameters([&](std::string_view name, Parameter& p) {
    if (p.value.rows() == 1 || name.starts_with("wpe") || type == WeightType::f32) return;
    const bool table = !name.starts_with("h.") && !name.starts_with("layers.");
    Matrix rows = table ? p.value : p.value.transpose();
    for (Index r = 0; r < rows.rows(); ++r) {
      if (type != WeightType::q8_0) {
        if (type == WeightType::f16)
          rows.row(r) = rows.row(r).cast<Eigen::half>().cast<Scalar>().eval();
        else rows.row(r) = rows.row(r).cast<Eigen::bfloat16>().cast<Scalar>().eval();
        continue;
      }
      std::vector<functional::EightBits> blocks(
          static_cast<std::size_t>(functional::eight_bit_blocks(rows.cols())));
      functional::quantize(blocks, rows.row(r));
      functional::dequantize(rows.row(r), blocks);
    }
    p.value = table ? rows : rows.transpose();
  });
}

/// The likeliest tokens behind each prompt: with the logarithm of each one's probability, and how
/// far the second is.
nlohmann::json greedy(auto& model, const std::vector<Tokens>& prompts) {
  nlohmann::json all = nlohmann::json::array();
  for (const Tokens& prompt : prompts) {
    Tokens tokens = prompt;
    const Tokens said = generate_greedy(model, prompt, model.options.context - std::ssize(prompt));
    tokens.insert(tokens.end(), said.begin(), said.end());
    const Matrix& logits = model.forward(tokens, std::ssize(tokens));
    std::vector<Scalar> log_p, gap;
    for (Index r = std::ssize(prompt) - 1; r + 1 < logits.rows(); ++r) {
      RowVector row = logits.row(r);
      const Scalar best = row[tokens[static_cast<std::size_t>(r) + 1]];
      log_p.push_back(-std::log((row.array() - best).exp().sum()));
      row[tokens[static_cast<std::size_t>(r) + 1]] = -std::numeric_limits<Scalar>::infinity();
      gap.push_back(best - row.maxCoeff());
    }
    all.push_back({{"tokens", tokens}, {"prompt", prompt.size()}, {"log_p", log_p}, {"gap", gap}});
  }
  return all;
}

/// Any model with the folder's tokenizer, if llama.cpp knows such a one.
void write_tokenizer(const std::string& folder) try {
  Random random(1);
  const AnyTokenizer tokenizer = load_tokenizer(folder);
  Gpt<> model({.vocab_size = tokenizer.vocab_size(), .channels = 4, .layers = 1}, random);
  save_gguf(folder + "/model.gguf", model, tokenizer, WeightType::f32);
} catch (const Error& refused) {
  fmt::print("{}\n", refused.what());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return fmt::print("hub_gguf FOLDERS\n"), 2;
  const std::string folders = argv[1], out = folders + "/gguf";
  std::filesystem::create_directories(out);
  for (const auto& entry : std::filesystem::directory_iterator(folders))
    if (exists(entry.path() / "cases.json")) write_tokenizer(entry.path().string());

  Random random(1);
  std::string text;
  for (int i = 0; i < 2000; ++i) text += sentence(random);
  const auto tokenizer = BytePairTokenizer::train(text, {.vocab_size = 350,
                                                         .pre_tokenization = PreTokenization::gpt2,
                                                         .special_tokens = {"<|endoftext|>"}});
  const Tokens tokens = tokenizer.encode(text);
  std::vector<Tokens> prompts;
  for (int i = 0; i < 10; ++i) {
    prompts.push_back(tokenizer.encode(sentence(random)));
    prompts.back().resize(static_cast<std::size_t>(1 + 2 * i));
  }
  const auto write = [&](const std::string& shape, auto model, Index steps) {
    train_language_model(model, tokens, {.steps = steps, .batch = 8}, random);
    for (const auto& [type_name, type] : {std::pair("f32", WeightType::f32),
                                          {"f16", WeightType::f16},
                                          {"bf16", WeightType::bf16},
                                          {"q8_0", WeightType::q8_0}}) {
      const std::string path = fmt::format("{}/{}.{}", out, shape, type_name);
      save_gguf(path + ".gguf", model, tokenizer, type);
      auto rounded = model;
      round_weights(rounded, type);
      std::ofstream(path + ".json") << greedy(rounded, prompts) << '\n';
    }
  };

  const Index V = tokenizer.vocab_size();
  write("gpt2", Gpt<>({.vocab_size = V, .channels = 64}, random), 100);
  write("gpt2_untied", Gpt<>({.vocab_size = V, .channels = 64, .tied = false}, random), 50);
  const LlamaOptions llama{.vocab_size = V, .channels = 64, .key_value_heads = 2};
  write("llama", Llama<>(llama, random), 100);
  LlamaOptions o = llama;  // where each pair turns at a speed of its own, and most are slowed down
  o.rotary = {.theta = 500000, .scaling = RotaryScaling{.factor = 4, .original_context = 32}};
  o.tied = false, o.epsilon = 1e-6;
  write("llama3", Llama<>(o, random), 50);
  o = llama, o.qkv_bias = true;
  write("qwen2", Llama<>(o, random), 50);
  o = llama, o.qk_norm = true, o.head_size = 32;
  write("qwen3", Llama<>(o, random), 50);
}
