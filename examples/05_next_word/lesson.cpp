// Lesson 05: the next word. A small GPT reads a text whose every probability is known; what it
// expects next is put beside the truth. Then one model for three languages, formulas and code. And,
// with --data, a text of your own.
#include "report/lesson.hpp"
#include "claims.hpp"
#include "damla/damla.hpp"
#include "damla/data/windows.hpp"
#include "own_text.hpp"
#include "report/picture.hpp"
#include "worlds/next_word.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::report;

/// Truth beside model for the lecture's sentence and two others: claim 12.
void compare(Lesson& lesson, Gpt<>& model, const MarkovSource& source) {
  std::vector<std::vector<std::string>> rows{
      {"the text so far", "next", "truth", "model", "KL, nats"}};
  std::vector<Series> bars{{"gerçek / truth", {}, {}}, {"model", {}, {}}};
  std::vector<std::string> labels;
  const auto index = [&](const char* word) {
    return static_cast<std::size_t>(source.encode(word)[0]);
  };
  for (const std::string begun :
       {"Kedilerin uyumayı sevdiği yerlerden biri", "Köpeklerin uyumayı sevdiği yerlerden biri",
        "En sevdikleri yemek bal . Onların sevdiği yerlerden biri de"}) {
    const Tokens text = source.encode(begun);
    const std::vector<double> truth = source.next(source.read(text)),
                              guess = next_probabilities(model, text);
    const double kl = kl_divergence(truth, guess);
    for (const char* word : {"kutu", "koltuk", "balkon", "bahçe", "mağara", "zebra"}) {
      const std::size_t w = index(word);
      if (truth[w] < 5e-5) continue;
      rows.push_back({begun, word, fmt::format("{:.4f}", truth[w]), fmt::format("{:.4f}", guess[w]),
                      fmt::format("{:.3f}", kl)});
      if (!begun.starts_with("Kedi")) continue;
      labels.push_back(word), bars[0].y.push_back(truth[w]), bars[1].y.push_back(guess[w]);
    }
    if (!begun.starts_with("Kedi")) continue;
    lesson.claim(claims::next_is_kutu.with_truth(truth[index("kutu")]), guess[index("kutu")]);
    lesson.claim(claims::next_is_balkon.with_truth(truth[index("balkon")]), guess[index("balkon")]);
    lesson.claim(claims::next_is_zebra.with_truth(truth[index("zebra")]), guess[index("zebra")]);
    lesson.claim(claims::distance_from_truth, kl);
  }
  lesson.table("The next word: truth beside model", "Sonraki kelime: gerçeğin yanında model", rows);
  draw_bars(lesson.picture(
                "next_word",
                "After the lecture's sentence: truth and model (each line is ten times more)",
                "Dersteki cümleden sonra: gerçek ve model (her çizgi altındakinin on katıdır)"),
            {.title = rows[1][0] + " …", .y = "P", .log_y = true, .y_range = {1e-7, 1}}, labels,
            bars);
}

/// Claims 12 and 15: the next word is a class among 50,000. The text labels itself; the model
/// learns its probabilities.
void known_truth(Lesson& lesson, Random& random) {
  const MarkovSource source = next_word_source({.vocab_size = lesson.fast ? 2000 : 50000});
  const Tokens text = source.draw(300000, random);
  Gpt<> model({.vocab_size = source.vocab_size(),
               .context = 16,
               .channels = 32,
               .layers = 1,
               .tied = false},
              random);
  random.fill_normal(model.transformer.token_embedding.weight.value, 0.2),
      random.fill_normal(model.transformer.positions.weight.value, 0.2);  // for a quick start
  fmt::print("{} …\n{} words to choose from, {} parameters, {} labels, 0 annotators\n\n",
             source.text(TokenSpan(text).first(20)), source.vocab_size(), parameter_count(model),
             text.size() - 1);
  TokenBatch batch(20, model.options.context);
  CrossEntropy cross_entropy;
  AdamW optimizer;
  const WarmupCosine schedule{.peak = 1e-2, .warmup = 50, .steps = lesson.fast ? 900 : 1200};
  Progress progress("reading", schedule.steps);
  for (Index step = 0; step < schedule.steps; ++step) {
    batch.draw(text, random);  // some windows of the text
    const Matrix& logits =
        model.forward(batch.tokens, batch.T);  // how likely each word is to come next
    const double loss =
        cross_entropy.forward(logits, batch.targets);  // how surprising the word was that came
    zero_gradients(model);
    model.backward(batch.tokens, cross_entropy.backward(logits, batch.targets), batch.T);
    optimizer.learning_rate = schedule(step);
    optimizer.step(model, clip_scale(model, 1.0));
    progress.update(step, loss, batch.B * batch.T);
  }
  compare(lesson, model, source);
  // On text that it has not read: its loss, minus that of the source, which sees the same windows
  // and knows the rules.
  const Tokens fresh = source.draw(lesson.fast ? 40000 : 20000, random);
  const TextWindows windows(fresh, batch.T);
  const std::vector<double> best =
      source_losses(source, windows.tokens, windows.targets, windows.T);
  const Mean over = mean_difference(window_losses(model, windows), best, windows.T);
  const double floor = mean_of_windows(best, windows.T).mean;
  Claim claim = claims::not_perfect;
  claim.says = fmt::format(fmt::runtime(claim.says), floor, over.error);
  claim.says_tr = fmt::format(fmt::runtime(claim.says_tr), floor, over.error);
  claim.low = -3 * over.error;
  lesson.claim(claim, over.mean);
}

/// Claim 14: short or long, any language, formula or code.
void any_text(Lesson& lesson, Random& random) {
  const auto [source, kind] = five_kinds_source();
  const Tokens text = source.draw(200000, random);
  Gpt<> model(
      {.vocab_size = source.vocab_size(), .context = 32, .channels = 48, .heads = 4, .layers = 2},
      random);
  train_language_model(model, text, {.steps = lesson.fast ? 400 : 1000, .learning_rate = 5e-3},
                       random);
  std::vector<Index> states;  // which wrote each word: they tell the kind
  const Tokens fresh = source.draw(lesson.fast ? 50000 : 100000, random, &states);
  const TextWindows windows(fresh, 32);
  const auto losses = window_losses(model, windows),
             best = source_losses(source, windows.tokens, windows.targets, 32);
  std::vector<std::array<double, 3>> sums(
      kind_names.size());  // of each kind: words, the model's losses, the source's
  for (std::size_t i = 0; i < losses.size(); ++i) {
    auto& [n, model_sum, best_sum] = sums[kind[static_cast<std::size_t>(states[i + 1])]];
    n += 1, model_sum += losses[i], best_sum += best[i];
  }
  std::vector<std::vector<std::string>> rows{{"kind", "model, nats a word", "best possible"}};
  double most = 0, fall[2] = {};
  for (std::size_t k = 0; k < sums.size(); ++k) {
    const auto [n, model_sum, best_sum] = sums[k];
    rows.push_back({std::string(kind_names[k]), fmt::format("{:.3f}", model_sum / n),
                    fmt::format("{:.3f}", best_sum / n)});
    most = std::max(most, (model_sum - best_sum) / n);
  }
  lesson.table("One model, five kinds of text", "Tek model, beş tür metin", rows);
  lesson.claim(claims::any_kind_of_text, most, !lesson.fast);
  std::vector<Series> lines{{"model", {}, loss_by_position(losses, 32)},
                            {"en iyi / best", {}, loss_by_position(best, 32)}};
  for (std::size_t k = 0; k < 2; ++k)
    for (std::size_t t = 24; t < 32; ++t) fall[k] += (lines[k].y[t] - lines[k].y[0]) / 8;
  for (double t = 1; t <= 32; ++t) lines[0].x.push_back(t), lines[1].x.push_back(t);
  draw_lines(lesson.picture("position", "The more it has read, the less surprised it is",
                            "Okudukça daha az şaşırır"),
             {.title = "Okudukça daha az şaşırır",
              .x = "okunan kelime / words read",
              .y = "kayıp / loss (nat)"},
             lines);
  Claim claim = claims::short_or_long;
  claim.high = fall[1] / 2;
  claim.truth = fall[1];
  lesson.claim(claim, fall[0]);
}

void lesson_05(Lesson& lesson) {
  Random random(lesson.seed);
  if (lesson.flag("--data") || lesson.flag("--prompt")) return own_text(lesson, random);
  known_truth(lesson, random), any_text(lesson, random);
}

int main(int argc, char** argv) {
  return run_lesson(
      {"05_next_word",
       "The next word: how likely each is, beside the truth.",
       {{"--data", "FILE",
         "A text of your own (UTF-8): trains on nine tenths, measures on the rest"},
        {"--prompt", "TEXT", "With --data: what the model goes on with"},
        {"--steps", "N",
         "With --data: training steps (default: 1500, at most 10 times through the text)"}}},
      argc, argv, lesson_05);
}
