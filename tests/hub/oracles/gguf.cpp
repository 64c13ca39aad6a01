// hub_gguf FOLDERS: writes gguf/f32.gguf, f16.gguf and q8_0.gguf, a small model that is trained
// here, and beside each in JSON what damla says after some prompts when it is as sure as the file
// is exact; and the model in FOLDERS/byte_pairs_gpt2, whose texts hub_folders wrote, as model.gguf.
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
void round_weights(Gpt<>& model, WeightType type) {
  model.visit_parameters([&](std::string_view name, Parameter& p) {
    if (p.value.rows() == 1 || name.starts_with("wpe") || type == WeightType::f32) return;
    const bool table = !name.starts_with("h.");
    Matrix rows = table ? p.value : p.value.transpose();
    for (Index r = 0; r < rows.rows(); ++r) {
      if (type == WeightType::f16) {
        rows.row(r) = rows.row(r).cast<Eigen::half>().cast<Scalar>().eval();
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
nlohmann::json greedy(Gpt<>& model, const std::vector<Tokens>& prompts) {
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

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return fmt::print("hub_gguf FOLDERS\n"), 2;
  const std::string folders = argv[1], texts = folders + "/byte_pairs_gpt2",
                    out = folders + "/gguf";
  std::filesystem::create_directories(out);
  ModelFolder published = load_model_folder(texts);
  save_gguf(texts + "/model.gguf", published.model, published.tokenizer, WeightType::f32);

  Random random(1);
  std::string text;
  for (int i = 0; i < 2000; ++i) text += sentence(random);
  const auto tokenizer = BytePairTokenizer::train(text, {.vocab_size = 350,
                                                         .pre_tokenization = PreTokenization::gpt2,
                                                         .special_tokens = {"<|endoftext|>"}});
  Gpt<> model({.vocab_size = tokenizer.vocab_size(),
               .context = 64,
               .channels = 64,
               .heads = 4,
               .layers = 2},
              random);
  train_language_model(model, tokenizer.encode(text), {.steps = 150}, random);
  std::vector<Tokens> prompts;
  for (int i = 0; i < 20; ++i) {
    prompts.push_back(tokenizer.encode(sentence(random)));
    prompts.back().resize(static_cast<std::size_t>(1 + i));
  }

  for (const auto& [name, type] :
       {std::pair("f32", WeightType::f32), {"f16", WeightType::f16}, {"q8_0", WeightType::q8_0}}) {
    save_gguf(fmt::format("{}/{}.gguf", out, name), model, tokenizer, type);
    Gpt<> rounded = model;
    round_weights(rounded, type);
    std::ofstream(fmt::format("{}/{}.json", out, name)) << greedy(rounded, prompts) << '\n';
  }
}
