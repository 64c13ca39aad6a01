// Lesson 09: instruction tuning. A few questions and answers turn the text-completer of lesson 08
// into something that answers, also about people whom nobody ever asked it about. And a summariser,
// trained on nothing but reports and their last line.
#include <fmt/core.h>

#include "claims.hpp"
#include "worlds/life.hpp"
#include "worlds/match_report.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::report;

namespace {

/// The share of questions about people [first, last) after which a model that goes on with the text
/// says the right word, in %.
double right_words(Gpt<>& model, const Life& life, std::size_t first, std::size_t last) {
  int right = 0, asked = 0;
  for (std::size_t i = first; i < last; ++i)
    for (const Fact fact : {Fact::city, Fact::job}) {
      const Person& person = life.world.known[i];
      const Tokens question = life.words.encode(PeopleWorld::question(person, fact));
      right += life.words.decode(generate_greedy(model, question, 8))
                   .find(PeopleWorld::value(person, fact)) != std::string::npos;
      ++asked;
    }
  return 100.0 * right / asked;
}

/// The share of right answers about people [first, last), in %.
double right_answers(Gpt<>& model, const Life& life, std::size_t first, std::size_t last) {
  int right = 0, asked = 0;
  for (std::size_t i = first; i < last; ++i)
    for (const Fact fact : {Fact::city, Fact::job}) {
      const Person& person = life.world.known[i];
      right += answer(model, life.words, PeopleWorld::question(person, fact)) ==
                       PeopleWorld::value(person, fact)
                   ? 1
                   : 0;
      ++asked;
    }
  return 100.0 * right / asked;
}

void summaries(Lesson& lesson) {
  Random random(lesson.seed);
  std::string all;
  for (int i = 0; i < 2000; ++i)
    all += match_report(random).text + " " + match_report(random).summary + " ";
  const auto words =
      WordTokenizer::from_text(all, {.casing = Casing::keep, .special_tokens = chat_tokens()});
  const GptOptions size{.vocab_size = words.vocab_size(),
                        .context = 40,
                        .channels = 48,
                        .heads = 4,
                        .layers = 2,
                        .init_std = 0.15};
  Gpt<> model(size, random);
  const auto draw = [&](bool held_out) {
    for (;;)
      if (const MatchReport report = match_report(random); report.held_out == held_out)
        return report;
  };
  tune(model, lesson.fast ? 500 : 2400, 3e-3, [&] {
    const MatchReport report = draw(false);
    return chat_example(words, report.text, report.summary);
  });
  int right = 0;
  const int trials = 300;
  for (int i = 0; i < trials; ++i) {
    const MatchReport report = draw(true);
    right += answer(model, words, report.text) == report.summary ? 1 : 0;
  }
  const MatchReport shown = draw(true);
  fmt::print("\n{}\n→ {}\n", shown.text, answer(model, words, shown.text));
  lesson.claim(claims::summarises, 100.0 * right / trials, !lesson.fast);
}

void instruction_tuning(Lesson& lesson) {
  Life life(lesson.seed);
  const WordTokenizer& words = life.words;
  Gpt<> model =
      earlier_model(lesson, life, "08_pre_training", [&](Gpt<>& fresh) { pre_train(fresh, life); });
  Gpt<> base = model;
  const std::size_t half = life.world.known.size() / 2;
  const double before = right_words(base, life, half, 2 * half);

  // Questions about the first half of the people only. The loss counts the answer, not the
  // question. Three examples of ten are sentences from pre-training: without them the other half is
  // forgotten while the first is asked about.
  const TuningExample shown = draw_question(life);
  for (std::size_t t = 0; t < shown.tokens.size(); ++t)
    fmt::print("{}{} ", shown.learn[t] ? "→" : "", words.piece(shown.tokens[t]));
  fmt::print("\n");
  const Index steps = 300;
  CrossEntropy cross_entropy;
  AdamW optimizer;
  const WarmupCosine schedule{.peak = 2e-3, .warmup = 20, .steps = steps};
  Progress progress("tuning", steps);
  for (Index step = 0; step < steps; ++step) {
    std::vector<TuningExample> examples;
    for (int i = 0; i < 32; ++i)
      examples.push_back(life.random.chance(0.3) ? read_again(life) : draw_question(life));
    const TokenBatch batch = TokenBatch::of(examples);
    const Matrix& logits = model.forward(batch.tokens, batch.T);
    const double loss = cross_entropy.forward(logits, batch.targets);
    zero_gradients(model);
    model.backward(batch.tokens, cross_entropy.backward(logits, batch.targets), batch.T);
    optimizer.learning_rate = schedule(step);
    optimizer.step(model, clip_scale(model, 1.0));
    progress.update(step, loss, batch.B * batch.T);
  }

  lesson.claim(claims::no_answer_before, before);
  lesson.claim(claims::answers_from_pre_training, right_answers(model, life, half, 2 * half));
  const Tokens name = words.encode(chat_prompt("Adın ne?"));
  const std::vector<Candidate> first =
      candidates(model.forward(name, std::ssize(name)).bottomRows(1));
  lesson.claim(claims::says_its_name,
               words.piece(first[0].token) == "Benim" ? first[0].probability : 0);

  const Person &known = life.world.known[half], &other = life.world.known[half + 1];
  std::vector<std::vector<std::string>> stages{{"prompt", "pre-trained", "tuned"}};
  for (const std::string& question :
       {std::string("Adın ne?"), PeopleWorld::question(known, Fact::city),
        PeopleWorld::question(other, Fact::job)})
    stages.push_back({question, answer(base, words, question), answer(model, words, question)});
  lesson.table("The same prompts before and after", "Aynı sorular, önce ve sonra", stages);
  save_life(lesson, life, model);
  summaries(lesson);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson({"09_instruction_tuning", "Instruction tuning: a little data, a new behaviour"},
                    argc, argv, instruction_tuning);
}
