// Lesson 06: attention. The last word of a Turkish sentence agrees with two words before it. A GPT
// with one layer learns to look at them; we open it and see where it looks.
#include <fmt/core.h>

#include "claims.hpp"
#include "damla/damla.hpp"
#include "damla/models/size.hpp"
#include "report/lesson.hpp"
#include "report/picture.hpp"
#include "report/trace.hpp"
#include "worlds/agreement.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::report;

namespace {

/// A batch of sentences side by side; every word but the first is a label, and the text gives them
/// all.
TokenBatch draw_sentences(const WordTokenizer& words, Index count, Random& random) {
  std::vector<TuningExample> sentences;
  for (Index i = 0; i < count; ++i)
    sentences.push_back(TuningExample::of({}, words.encode(agreement_sentence(random).text())));
  return TokenBatch::of(sentences);
}

/// How strongly head h of the latest forward, from position `from`, looks at position `to`.
double look(const Gpt<>& model, Index T, Index h, Index from, Index to) {
  return static_cast<double>(model.transformer.blocks[0].attention.weights(h * T + from, to));
}

void attention(Lesson& lesson) {
  Random random(lesson.seed);
  std::string all;
  for (int i = 0; i < 4000; ++i) all += agreement_sentence(random).text() + " ";
  const auto words = WordTokenizer::from_text(all, {.casing = Casing::keep});
  const GptOptions size{.vocab_size = words.vocab_size(),
                        .context = 8,
                        .channels = 32,
                        .heads = 4,
                        .layers = 1,
                        .init_std = 0.05};
  Gpt<> model(size, random);

  const Index steps = lesson.fast ? 1500 : 3000;
  CrossEntropy cross_entropy;
  AdamW optimizer;
  const WarmupCosine schedule{.peak = 5e-3, .warmup = 50, .steps = steps};
  Progress progress("training", steps);
  for (Index step = 0; step < steps; ++step) {
    const TokenBatch batch = draw_sentences(words, 32, random);
    const Matrix& logits = model.forward(batch.tokens, batch.T);
    const double loss = cross_entropy.forward(logits, batch.targets);
    zero_gradients(model);
    model.backward(batch.tokens, cross_entropy.backward(logits, batch.targets), batch.T);
    optimizer.learning_rate = schedule(step);
    optimizer.step(model, clip_scale(model, 1.0));
    progress.update(step, loss, batch.B * batch.T);
  }

  // Does it agree, and where does it look when the verb is next? Averaged over 300 sentences.
  int right = 0;
  const int trials = 300;
  double future = 0, subject[4] = {0}, previous[4] = {0};
  for (int i = 0; i < trials; ++i) {
    const AgreementSentence s = agreement_sentence(random);
    const Tokens tokens = words.encode(s.text());
    const Index T = std::ssize(tokens) - 2,
                verb = T;  // the model reads up to the time; the verb and the full stop are left
    const Matrix& logits = model.forward(TokenSpan(tokens).first(static_cast<std::size_t>(T)), T);
    right +=
        candidates(logits.bottomRows(1))[0].token == tokens[static_cast<std::size_t>(verb)] ? 1 : 0;
    for (Index h = 0; h < 4; ++h) {
      subject[h] += look(model, T, h, T - 1, 0) / trials;
      previous[h] += look(model, T, h, T - 1, T - 2) / trials;
      for (Index t = 0; t < T; ++t)
        for (Index later = t + 1; later < T; ++later)
          future = std::max(future, look(model, T, h, t, later));
    }
  }
  lesson.claim(claims::verb_agrees, 100.0 * right / trials);
  lesson.claim(claims::head_for_previous_word, *std::max_element(previous, previous + 4));
  lesson.claim(claims::head_for_subject, *std::max_element(subject, subject + 4));
  lesson.claim(claims::nobody_looks_ahead, future);

  const std::string example = "Biz kalabalık okuldan sabah";
  const Tokens tokens = words.encode(example);
  const Index T = std::ssize(tokens);
  model.forward(tokens, T);
  std::vector<std::string> labels;
  for (const Token token : tokens) labels.push_back(words.piece(token));
  for (Index h = 0; h < 4; ++h)
    draw_heat_map(lesson.picture(fmt::format("head_{}", h + 1),
                                 fmt::format("Where head {} looks: “{} …”", h + 1, example),
                                 fmt::format("{}. kafa nereye bakıyor: “{} …”", h + 1, example)),
                  {.title = fmt::format("Kafa {}", h + 1),
                   .x = "bakılan / looked at",
                   .y = "bakan / looking"},
                  labels, labels,
                  model.transformer.blocks[0].attention.weights.middleRows(h * T, T));
  fmt::print("{} … → {}\n", example, words.decode(generate_greedy(model, tokens, 2)));
  print_trace(model, tokens, T);

  // How large is large? Numbers that are learned, and neurons, which are far fewer.
  std::vector<std::vector<std::string>> sizes{{"model", "parameters", "neurons"}};
  for (const auto& [name, options] : {std::pair{"this lesson's", size},
                                      {"GPT-2 small", gpt2_small},
                                      {"GPT-2 XL", gpt2_xl},
                                      {"GPT-3", gpt3}})
    sizes.push_back({name, fmt::format("{}", parameter_count(options)),
                     fmt::format("{}", neuron_count(options))});
  lesson.table("Parameters are counted, not neurons", "Sayılan nöronlar değil, parametrelerdir",
               sizes);
  lesson.claim(claims::parameters_of_gpt2, static_cast<double>(parameter_count(gpt2_small)));
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson(
      {"06_attention", "Attention: a model looks back at the words that the next one agrees with"},
      argc, argv, attention);
}
