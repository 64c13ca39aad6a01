// Lesson 09: pre-training. A GPT reads about people who do not exist, guesses each next word, and
// comes to know them. It learns what is false just as easily; it goes on with a text instead of
// answering; and it sums up, because the text does. How well it predicts depends on how large it
// is and how much it reads.
#include <fmt/core.h>

#include "claims.hpp"
#include "pictures.hpp"
#include "report/saved_model.hpp"
#include "scaling.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::report;

namespace {

/// The share of facts that the model tells rightly when a sentence about them is begun, in %.
double recall(Gpt<>& model, const WordTokenizer& words, const std::vector<Person>& people) {
  int right = 0, asked = 0;
  for (const Person& person : people)
    for (const Fact fact : {Fact::city, Fact::job})
      for (int k = 0; k < paraphrases; ++k, ++asked) {
        const Tokens begun = words.encode(PeopleWorld::beginning(person, fact, k));
        const Tokens next = generate_greedy(model, begun, 1);
        right += words.piece(next[0]) == PeopleWorld::value(person, fact) ? 1 : 0;
      }
  return 100.0 * right / asked;
}

/// Reads the text of a world. Now and then it is asked what it has learnt by then.
Run learn(Gpt<>& model, Life& life, Index steps) {
  const Tokens text = life.words.encode(life_text(life));
  Run run;
  const auto watch = [&](Index step, double loss) {
    if (step >= steps - 100) run.last_loss += loss / 100;
    if (step % (steps / 10) != 0 && step + 1 != steps) return;
    run.recall.x.push_back(static_cast<double>(step));
    run.recall.y.push_back(recall(model, life.words, life.world.told));
  };
  train_language_model(model, text, {.steps = steps, .title = "pre-training", .after_step = watch},
                       life.random);
  run.tells_text = recall(model, life.words, life.world.told);
  run.tells_truth = recall(model, life.words, life.world.known);
  return run;
}

/// Claim 18: the model goes on with a text. It does not answer.
void ask_its_name(Lesson& lesson, Gpt<>& model, const WordTokenizer& words) {
  const Tokens question = words.encode("Adın ne?");
  const Matrix& logits = model.forward(question, std::ssize(question));
  const Candidate next = candidates(logits.bottomRows(1))[0];
  lesson.claim(claims::question_after_question,
               words.piece(next.token) == "Soyadın" ? next.probability : 0.0, !lesson.fast);
  fmt::print("Adın ne? → {}\n", words.decode(generate_greedy(model, question, 6)));
}

/// Claim 21: reports and summaries stand in the text. Nobody tunes the model to write one.
void summarise(Lesson& lesson, Gpt<>& model, Life& life) {
  const int trials = 300;
  int right = 0;
  for (int i = 0; i < trials; ++i) {
    const MatchReport report = draw_match(true, life.random);
    const Tokens begun = life.words.encode(report.text + " Özet:");
    const Tokens summary = life.words.encode(report.summary);
    const Tokens said = generate_greedy(model, begun, std::ssize(summary));
    if (i == 0) fmt::print("{} Özet: → {}\n", report.text, life.words.decode(said));
    right += said == summary ? 1 : 0;
  }
  lesson.claim(claims::summarises, 100.0 * right / trials, !lesson.fast);
}

/// Claim 24: the same text once more, but 30 % of the facts are wrong. Nothing in it says which.
void believe(Lesson& lesson, const Life& life, Gpt<> believer, Index steps, const Run& run) {
  const PeopleOptions wrong_facts{.corrupted = 0.3};
  Life doubtful(lesson.seed, {.people = wrong_facts, .summaries = life.options.summaries});
  // Each word keeps its number: both models begin with the same vector for it.
  doubtful.words = life.words;
  const Run wrong = learn(believer, doubtful, steps);
  show_runs(lesson, run, wrong);
  lesson.claim(claims::no_sign_of_truth, wrong.last_loss - run.last_loss);
  lesson.claim(claims::tells_what_it_read(doubtful.world), wrong.tells_truth, !lesson.fast);
}

/// Sixteen models: four sizes, each taught by four amounts of text.
Grid grow(const Lesson& lesson, Random& random) {
  // Data: a language of 256 nouns whose floor is known.
  const MarkovSource source = zipf_source(256, random);
  const Index context = 16;
  Grid grid;
  const Tokens text = source.draw(grid.words.back(), random), unread = source.draw(20000, random);
  const TextWindows fresh(unread, context);
  const double floor =
      mean_of_windows(source_losses(source, fresh.tokens, fresh.targets, context), context).mean;

  // Models and loop: the same number of steps for each.
  for (const Index channels : grid.channels) {
    grid.above.emplace_back();
    for (const Index words : grid.words) {
      Gpt<> model({.vocab_size = source.vocab_size(),
                   .context = context,
                   .channels = channels,
                   .heads = 1,
                   .layers = 1,
                   .init_std = 0.1},
                  random);
      train_language_model(model, TokenSpan(text).first(static_cast<std::size_t>(words)),
                           {.steps = lesson.fast ? 80 : 800, .batch = 16, .learning_rate = 1e-2},
                           random);
      const double loss = mean_of_windows(window_losses(model, fresh, 500), context).mean;
      grid.above.back().push_back(loss - floor);
      if (words == grid.words.front())
        grid.parameters.push_back(static_cast<double>(parameter_count(model)));
    }
  }
  return grid;
}

/// Claim 32: a large enough network, and enough data.
void scale(Lesson& lesson) {
  Random random(lesson.seed);
  const Grid grid = grow(lesson, random);
  show_grid(lesson, grid);
  const std::vector<double> by_size = grid.column(grid.words.size() - 1);
  const std::vector<double>& by_words = grid.above.back();
  const Line sizes = log_line(grid.parameters, by_size);
  const Line amounts = log_line(grid.amounts(), grid.best());
  say("above the floor: with the most text ~ parameters^{:.2f}, R² {:.3f}\n",
      "tabanın üstünde: en çok metinle ~ parametre^{:.2f}, R² {:.3f}\n", sizes.slope, sizes.r2);
  say("with the best network ~ words^{:.2f}, R² {:.3f}\n",
      "en iyi ağla ~ kelime^{:.2f}, R² {:.3f}\n", amounts.slope, amounts.r2);
  lesson.claim(claims::larger_is_better, by_size.back() / by_size.front(), !lesson.fast);
  lesson.claim(claims::more_is_better, by_words.back() / by_words.front(), !lesson.fast);
  lesson.claim(claims::along_a_line, std::min(sizes.r2, amounts.r2), !lesson.fast);
  lesson.claim(claims::too_large_for_its_data, by_words.front() - grid.best().front(),
               !lesson.fast);
}

void pre_training(Lesson& lesson) {
  // Data: a text about 100 people, 40 books, and matches.
  Life life(lesson.seed, {.summaries = !lesson.flag("--without-summaries")});

  // Model: a GPT with two layers.
  Gpt<> model(life.size, life.random);
  const Gpt<> untrained = model;
  say("{} people, {} words, {} parameters\n", "{} kişi, {} kelime, {} parametre\n",
      life.world.known.size(), life.words.vocab_size(), parameter_count(model));

  // Loop, and figures: what it knows, how it goes on, how it sums up.
  const Index steps = pre_training_steps(lesson.fast);
  const Run run = learn(model, life, steps);
  lesson.claim(claims::recalls_facts, run.tells_truth, !lesson.fast);
  draw_recall(lesson, run);
  ask_its_name(lesson, model, life.words);
  summarise(lesson, model, life);
  if (life.options.summaries) save_life(lesson, life, model);

  believe(lesson, life, untrained, steps, run);
  scale(lesson);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson(
      {"09_pre_training",
       "Pre-training: a GPT reads, and comes to know the world that it read about",
       "Ön eğitim: bir GPT okur ve okuduğu dünyayı öğrenir",
       {{"--without-summaries", "", "The text has match reports, but no summary behind them",
         "Metinde maç yazıları var, ama arkalarında özet yok"}}},
      argc, argv, pre_training);
}
