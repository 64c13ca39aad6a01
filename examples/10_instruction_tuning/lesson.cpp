// Lesson 10: instruction tuning. A few questions and answers turn the text-completer of lesson 09
// into something that answers, also about people whom nobody ever asked it about. And a summariser,
// trained on nothing but reports and their last line.
#include <fmt/core.h>

#include "asking.hpp"
#include "claims.hpp"
#include "report/saved_model.hpp"
#include "worlds/life.hpp"
#include "worlds/match_report.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::report;

namespace {

/// The words of an example; an arrow stands before those that the loss counts.
void print_example(const WordTokenizer& words, const TuningExample& example) {
  for (std::size_t t = 0; t < example.tokens.size(); ++t)
    fmt::print("{}{} ", example.learn[t] ? "→" : "", words.piece(example.tokens[t]));
  fmt::print("\n");
}

void answer_questions(Lesson& lesson) {
  // 1. The model of lesson 09: it goes on with a text.
  Life life(lesson.seed);
  Gpt<> model =
      earlier_model(lesson, life, "09_pre_training", [&](Gpt<>& fresh) { pre_train(fresh, life); });
  Gpt<> base = model;

  // 2. Questions about the first half of the people only. The loss counts the answer, not the
  // question. Three examples of ten are sentences from pre-training: without them the other half is
  // forgotten while the first is asked about.
  print_example(life.words, draw_question(life));
  tune(model, {.steps = 300, .learning_rate = 2e-3, .warmup = 20},
       [&] { return life.random.chance(0.3) ? read_again(life) : draw_question(life); });
  save_life(lesson, life, model);

  // 3. The other half of the people, of whom only pre-training told.
  const std::vector<Person>& known = life.world.known;
  const std::size_t half = known.size() / 2, all = 2 * half;
  lesson.claim(claims::no_answer_before, right_words(base, life, half, all));
  lesson.claim(claims::answers_from_pre_training, right_answers(model, life, half, all));
  lesson.claim(claims::says_its_name, first_word(model, life, "Adın ne?", "Benim"));
  std::vector<std::vector<std::string>> stages{{"prompt", "pre-trained", "tuned"}};
  for (const std::string& question :
       {std::string("Adın ne?"), PeopleWorld::question(known[half], Fact::city),
        PeopleWorld::question(known[half + 1], Fact::job)})
    stages.push_back(
        {question, answer(base, life.words, question), answer(model, life.words, question)});
  lesson.table("The same prompts before and after", "Aynı sorular, önce ve sonra", stages);
}

/// A report of a match that is held out, or of one that is not.
MatchReport draw_report(bool held_out, Random& random) {
  for (;;)
    if (const MatchReport report = match_report(random); report.held_out == held_out) return report;
}

void summarise(Lesson& lesson) {
  // 1. Reports of matches, and their vocabulary.
  Random random(lesson.seed);
  std::string all;
  for (int i = 0; i < 2000; ++i)
    all += match_report(random).text + " " + match_report(random).summary + " ";
  const auto words =
      WordTokenizer::from_text(all, {.casing = Casing::keep, .special_tokens = chat_tokens()});

  // 2. A model that begins from nothing: a report is its question, the summary its answer.
  const GptOptions size{.vocab_size = words.vocab_size(),
                        .context = 40,
                        .channels = 48,
                        .heads = 4,
                        .layers = 2,
                        .init_std = 0.15};
  Gpt<> model(size, random);
  tune(model, {.steps = lesson.fast ? 500 : 2400, .learning_rate = 3e-3, .warmup = 20}, [&] {
    const MatchReport report = draw_report(false, random);
    return chat_example(words, report.text, report.summary);
  });

  // 3. Matches that it read no report of.
  int right = 0;
  const int trials = 300;
  for (int i = 0; i < trials; ++i) {
    const MatchReport report = draw_report(true, random);
    right += answer(model, words, report.text) == report.summary ? 1 : 0;
  }
  const MatchReport shown = draw_report(true, random);
  fmt::print("\n{}\n→ {}\n", shown.text, answer(model, words, shown.text));
  lesson.claim(claims::summarises, 100.0 * right / trials, !lesson.fast);
}

void run(Lesson& lesson) {
  answer_questions(lesson);
  summarise(lesson);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson({"10_instruction_tuning", "Instruction tuning: a little data, a new behaviour"},
                    argc, argv, run);
}
