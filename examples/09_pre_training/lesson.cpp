// Lesson 09: pre-training. A GPT reads a text about people who do not exist, guesses each next
// word, and comes to know them. It learns just as gladly what is false; and it goes on with a text
// instead of answering.
#include <fmt/core.h>

#include "claims.hpp"
#include "pictures.hpp"
#include "report/saved_model.hpp"

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
  const Tokens text = life.words.encode(life.world.text(20, life.random));
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
               words.piece(next.token) == "Soyadın" ? next.probability : 0.0);
  fmt::print("Adın ne? → {}\n", words.decode(generate_greedy(model, question, 6)));
}

void pre_training(Lesson& lesson) {
  // Data: a world of 100 people, and a text that tells of them.
  Life life(lesson.seed);

  // Model: a GPT with two layers.
  Gpt<> model(life.size, life.random);
  const Gpt<> untrained = model;
  fmt::print("{} people, {} words, {} parameters\n", life.world.known.size(),
             life.words.vocab_size(), parameter_count(model));

  // Loop, and figures: what it knows, and how it goes on.
  const Index steps = lesson.fast ? 500 : 1000;
  const Run run = learn(model, life, steps);
  lesson.claim(claims::recalls_facts, run.tells_truth, !lesson.fast);
  draw_recall(lesson, run);
  ask_its_name(lesson, model, life.words);

  // The same text once more, but 30 % of the facts are wrong. Nothing in it says which.
  const PeopleOptions wrong_facts{.corrupted = 0.3};
  Life doubtful(lesson.seed, wrong_facts);
  // Each word keeps its number: both models begin with the same vector for it.
  doubtful.words = life.words;
  Gpt<> believer = untrained;
  const Run wrong = learn(believer, doubtful, steps);
  show_runs(lesson, run, wrong);
  lesson.claim(claims::no_sign_of_truth, wrong.last_loss - run.last_loss);
  lesson.claim(claims::tells_what_it_read(doubtful.world), wrong.tells_truth);
  save_life(lesson, life, model);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson({"09_pre_training",
                     "Pre-training: a GPT reads, and comes to know the world that it read about"},
                    argc, argv, pre_training);
}
