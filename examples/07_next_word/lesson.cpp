// Lesson 07: the next word. A small GPT reads a text whose every probability is known; what it
// expects next is put beside the truth. Then one model for three languages, formulas and code; an
// LSTM beside the GPT; and windows of a thousand words. And, with --data, a text of your own.
#include "report/lesson.hpp"

#include <fmt/format.h>
#include "claims.hpp"
#include "damla/damla.hpp"
#include "damla/data/windows.hpp"
#include "lstm.hpp"
#include "own_text.hpp"
#include "pictures.hpp"
#include "worlds/next_word.hpp"
#include "worlds/shopping.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::report;

/// The training loop, line by line. In later lessons it is one call: `train_language_model`.
void learn(Gpt<>& model, TokenSpan text, Index steps, Random& random) {
  TokenBatch batch(20, model.options.context);
  CrossEntropy cross_entropy;
  AdamW optimizer;
  const WarmupCosine schedule{.peak = 1e-2, .warmup = 50, .steps = steps};
  Progress progress(in_language("reading / okuma"), steps);
  for (Index step = 0; step < steps; ++step) {
    // Some windows of the text. The target of each word is the word after it.
    batch.draw(text, random);
    // Forward: a number for each word of the vocabulary. The higher, the likelier it comes next.
    const Matrix& logits = model.forward(batch);
    // The loss: how surprising the words were that really came.
    const double loss = cross_entropy.forward(logits, batch.targets);
    // Gradients add up, so each step begins at zero.
    zero_gradients(model);
    // Backward: how the loss changes with the logits, and from there with every parameter.
    model.backward(batch, cross_entropy.backward(logits, batch.targets));
    // The learning rate rises for 50 steps, then falls slowly.
    optimizer.learning_rate = schedule(step);
    // The update: each parameter moves a little against its gradient, which is clipped to length 1.
    optimizer.step(model, clip_scale(model, 1.0));
    // One line on the terminal: step, loss, tokens a second.
    progress.update(step, loss, batch.B * batch.T);
  }
}

/// The truth beside the model, after the lecture's sentence and after two others.
std::vector<Comparison> compare(Gpt<>& model, const MarkovSource& source) {
  std::vector<Comparison> comparisons;
  for (const std::string begun :
       {"Kedilerin uyumayı sevdiği yerlerden biri", "Köpeklerin uyumayı sevdiği yerlerden biri",
        "En sevdikleri yemek bal . Onların sevdiği yerlerden biri de"}) {
    const Tokens text = source.encode(begun);
    const std::vector<double> truth = source.next(source.read(text));
    const std::vector<double> guess = next_probabilities(model, text);
    comparisons.push_back({begun, truth, guess, kl_divergence(truth, guess)});
  }
  return comparisons;
}

/// The model's loss on a text that it has not read, minus the best possible: that of the source,
/// which knows the rules and sees the same windows.
void above_the_best(Lesson& lesson, Gpt<>& model, const MarkovSource& source, const Tokens& fresh) {
  const TextWindows windows(fresh, model.options.context);
  const std::vector<double> best =
      source_losses(source, windows.tokens, windows.targets, windows.T);
  const Mean over = mean_difference(window_losses(model, windows), best, windows.T);
  const double floor = mean_of_windows(best, windows.T).mean;
  lesson.claim(claims::not_perfect(floor, over.error), over.mean);
}

/// Claims 12 and 15: the next word is a class among 50,000. The text labels itself; the model
/// learns its probabilities.
void known_truth(Lesson& lesson, Random& random) {
  // Data: a program writes the text, so its truth is known.
  const MarkovSource source = next_word_source({.vocab_size = lesson.fast ? 2000 : 50000});
  const Tokens text = source.draw(300000, random);

  // Model: a GPT with one layer. Its first vectors are larger than usual, for a quick start.
  Gpt<> model({.vocab_size = source.vocab_size(),
               .context = 16,
               .channels = 32,
               .layers = 1,
               .tied = false},
              random);
  random.fill_normal(model.transformer.token_embedding.weight.value, 0.2);
  random.fill_normal(model.transformer.positions.weight.value, 0.2);
  say("{} …\n{} words to choose from, {} parameters, {} labels, 0 annotators\n\n",
      "{} …\nseçilecek {} kelime, {} parametre, {} etiket, 0 etiketleyen\n\n",
      source.text(TokenSpan(text).first(20)), source.vocab_size(), parameter_count(model),
      text.size() - 1);

  // Loop.
  learn(model, text, lesson.fast ? 750 : 1200, random);

  // Figures: the next word, and the loss on a new text.
  show_next_word(lesson, source, compare(model, source));
  above_the_best(lesson, model, source, source.draw(20000, random));
}

/// The loss after 25 to 32 words, minus the loss after the first.
double fall(const std::vector<double>& by_position) {
  double sum = 0;
  for (std::size_t t = 24; t < 32; ++t) sum += (by_position[t] - by_position[0]) / 8;
  return sum;
}

/// Claim 14: short or long, any language, formula or code.
Rivals any_text(Lesson& lesson) {
  // Data: five kinds of text take turns.
  Random random(lesson.seed, 1);
  const auto [source, kind_of_state] = five_kinds_source();
  const Tokens text = source.draw(200000, random);

  // Models and loop: the same loop in one call, for a GPT and for an LSTM with as many parameters.
  const GptOptions size{
      .vocab_size = source.vocab_size(), .context = 32, .channels = 48, .heads = 4, .layers = 2};
  const TrainOptions options{.steps = lesson.fast ? 150 : 1000, .learning_rate = 5e-3};
  GptOptions lstm_size = size;
  lstm_size.channels = 60;
  Gpt<> model(size, random);
  LstmModel lstm(lstm_size, random);
  Random windows_1 = random, windows_2 = random;
  train_language_model(model, text, options, windows_1);
  train_language_model(lstm, text, options, windows_2);

  // Figures: losses on a new text, by kind and by how much has been read. The state that wrote a
  // word tells its kind.
  std::vector<Index> states;
  const Tokens fresh = source.draw(lesson.fast ? 10000 : 50000, random, &states);
  const TextWindows windows(fresh, size.context);
  const std::vector<double> losses = window_losses(model, windows);
  const std::vector<double> best =
      source_losses(source, windows.tokens, windows.targets, windows.T);
  std::vector<KindLosses> kinds(kind_names.size());
  for (std::size_t i = 0; i < losses.size(); ++i)
    kinds[kind_of_state[static_cast<std::size_t>(states[i + 1])]].add(losses[i], best[i]);
  show_kinds(lesson, kinds);
  const std::vector<double> by_position = loss_by_position(losses, windows.T);
  const std::vector<double> best_by_position = loss_by_position(best, windows.T);
  lesson.claim(claims::short_or_long(fall(best_by_position)), fall(by_position));
  draw_positions(lesson, by_position, best_by_position);
  return {"five kinds of text / beş tür metin", mean_of_windows(best, windows.T).mean,
          mean_difference(losses, best, windows.T).mean,
          mean_difference(window_losses(lstm, windows), best, windows.T).mean};
}

/// Lists side by side that are read twice; every word but the first is a label.
TokenBatch draw_lists(Index count, Index goods, Random& random) {
  std::vector<TuningExample> lists;
  for (Index i = 0; i < count; ++i)
    lists.push_back(TuningExample::of({}, list_read_twice(goods, random)));
  return TokenBatch::of(lists);
}

/// The second half of a list is certain for a reader who remembers the first. How far a model of
/// this kind is above the best possible, in nats a word.
template <class Model>
double learn_lists(const Lesson& lesson, Index goods, Index channels, double best) {
  Random weights(lesson.seed, 2), data(lesson.seed, 3);
  Model model({.vocab_size = shop_goods + 1,
               .context = 2 * goods,
               .channels = channels,
               .heads = 2,
               .layers = 2,
               .init_std = 0.18},
              weights);
  train(model, {.steps = lesson.fast ? 40 : 400, .learning_rate = 5e-3},
        [&] { return draw_lists(32, goods, data); });
  const TokenBatch fresh = draw_lists(200, goods, data);
  CrossEntropy cross_entropy;
  return cross_entropy.forward(model.forward(fresh), fresh.targets) - best;
}

/// A GPT looks back at every word; an LSTM keeps what it can in its memory.
void looking_or_remembering(Lesson& lesson, const Rivals& five_kinds) {
  const Index goods = 16;
  const double best = static_cast<double>(goods - 1) * std::log(static_cast<double>(shop_goods)) /
                      static_cast<double>(2 * goods);
  const Rivals lists{"a list read twice / iki kez okunan liste", best,
                     learn_lists<Gpt<>>(lesson, goods, 32, best),
                     learn_lists<LstmModel>(lesson, goods, 42, best)};
  show_rivals(lesson, five_kinds, lists);
}

/// Shoppers' lists of T + 1 goods side by side; `best` gets −ln P of every target.
TokenBatch draw_shoppers(Index count, Index T, Random& random,
                         std::vector<double>* best = nullptr) {
  TokenBatch batch;
  batch.B = count, batch.T = T;
  for (Index b = 0; b < count; ++b) {
    const ShoppingList list = shopping_list(T + 1, random);
    batch.tokens.insert(batch.tokens.end(), list.goods.begin(), list.goods.end() - 1);
    batch.targets.insert(batch.targets.end(), list.goods.begin() + 1, list.goods.end());
    if (best) best->insert(best->end(), list.best.begin() + 1, list.best.end());
  }
  return batch;
}

/// Claim 14 with windows of 1,024 words: the more of a shopper's list it has read, the better it
/// knows the habits.
void long_windows(Lesson& lesson) {
  Random random(lesson.seed, 4);
  const Index T = 1024;
  // Model: one head that looks back at all words alike is enough, so it needs no positions.
  Gpt<TransformerBlock<>, NoPositions> model({.vocab_size = shop_goods,
                                              .context = T,
                                              .channels = 32,
                                              .heads = 1,
                                              .layers = 1,
                                              .init_std = 0.05},
                                             random);
  // Loop: first many short lists, then some long ones.
  train(model, {.steps = lesson.fast ? 30 : 1000, .batch = 16, .learning_rate = 1e-2},
        [&] { return draw_shoppers(16, 128, random); });
  train(model, {.steps = lesson.fast ? 3 : 100, .batch = 2, .learning_rate = 5e-3},
        [&] { return draw_shoppers(2, T, random); });

  // Figure: how far the loss still falls beyond a hundred words.
  std::vector<double> best;
  const TokenBatch fresh = draw_shoppers(lesson.fast ? 4 : 200, T, random, &best);
  show_long_windows(lesson,
                    loss_by_position(window_losses(model, fresh.tokens, fresh.targets, T, 2), T),
                    loss_by_position(best, T));
}

void next_word(Lesson& lesson) {
  Random random(lesson.seed);
  if (lesson.flag("--data") || lesson.flag("--prompt")) return own_text(lesson, random);
  known_truth(lesson, random);
  looking_or_remembering(lesson, any_text(lesson));
  long_windows(lesson);
}

int main(int argc, char** argv) {
  return run_lesson(
      {"07_next_word",
       "The next word: how likely each is, beside the truth.",
       "Sonraki kelime: her birinin olasılığı ve yanında gerçek.",
       {{"--data", "FILE",
         "A text of your own (UTF-8): trains on nine tenths, measures on the rest",
         "Kendi metniniz (UTF-8): onda dokuzuyla eğitir, kalanında ölçer"},
        {"--prompt", "TEXT", "With --data: what the model goes on with",
         "--data ile: modelin sürdüreceği başlangıç"},
        {"--steps", "N",
         "With --data: training steps (default: 1500, at most 10 times through the text)",
         "--data ile: eğitim adımı (verilmezse 1500; metnin üstünden en çok 10 kez)"}}},
      argc, argv, next_word);
}
