// Lesson 08: pre-training. A GPT reads a text about people who do not exist, guesses each next
// word, and comes to know them. It learns just as gladly what is false; and it goes on with a text
// instead of answering.
#include <fmt/core.h>

#include "claims.hpp"
#include "report/picture.hpp"
#include "worlds/life.hpp"

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
        const Tokens next =
            generate_greedy(model, words.encode(PeopleWorld::beginning(person, fact, k)), 1);
        right += words.piece(next[0]) == PeopleWorld::value(person, fact) ? 1 : 0;
      }
  return 100.0 * right / asked;
}

/// The share of the facts that the text tells as they are, in %.
double told_truly(const PeopleWorld& world) {
  int truly = 0, all = 0;
  for (std::size_t i = 0; i < world.known.size(); ++i)
    for (const Fact fact : {Fact::city, Fact::job}) {
      truly += PeopleWorld::value(world.told[i], fact) == PeopleWorld::value(world.known[i], fact)
                   ? 1
                   : 0;
      ++all;
    }
  return 100.0 * truly / all;
}

/// The probability of each next word after a text, likeliest first.
std::vector<Candidate> next_words(Gpt<>& model, const WordTokenizer& words,
                                  const std::string& text) {
  const Tokens tokens = words.encode(text);
  return candidates(model.forward(tokens, std::ssize(tokens)).bottomRows(1));
}

struct Run {
  double last_loss = 0;
  Series recall{"recall", {}, {}}, loss{"loss", {}, {}};
};

Run pre_train(Gpt<>& model, const WordTokenizer& words, const PeopleWorld& world, Index steps,
              Random& random) {
  const Tokens text = words.encode(world.text(20, random));
  TokenBatch batch(32, model.options.context);
  CrossEntropy cross_entropy;
  AdamW optimizer;
  const WarmupCosine schedule{.peak = 3e-3, .warmup = 50, .steps = steps};
  Progress progress("pre-training", steps);
  Run run;
  for (Index step = 0; step < steps; ++step) {
    batch.draw(text, random);
    const Matrix& logits = model.forward(batch.tokens, batch.T);
    const double loss = cross_entropy.forward(logits, batch.targets);
    zero_gradients(model);
    model.backward(batch.tokens, cross_entropy.backward(logits, batch.targets), batch.T);
    optimizer.learning_rate = schedule(step);
    optimizer.step(model, clip_scale(model, 1.0));
    progress.update(step, loss, batch.B * batch.T);
    run.last_loss += step >= steps - 100 ? loss / 100 : 0;
    if (step % (steps / 10) == 0 || step + 1 == steps) {
      run.loss.x.push_back(static_cast<double>(step)), run.loss.y.push_back(loss);
      run.recall.x.push_back(static_cast<double>(step)),
          run.recall.y.push_back(recall(model, words, world.told));
    }
  }
  return run;
}

void pre_training(Lesson& lesson) {
  Life life(lesson.seed);
  const PeopleWorld& world = life.world;
  const WordTokenizer& words = life.words;
  Gpt<> model(life.size, life.random);
  const Gpt<> untrained = model;
  const Index steps = lesson.fast ? 500 : 1000;
  fmt::print("{} people, {} words, {} parameters\n", world.known.size(), words.vocab_size(),
             parameter_count(model));

  const Run run = pre_train(model, words, world, steps, life.random);
  lesson.claim(claims::recalls_facts, recall(model, words, world.known), !lesson.fast);
  draw_lines(
      lesson.picture("recall", "Recall of the facts while the model reads",
                     "Model okudukça hatırlanan bilgiler"),
      {.title = "Recall of the facts / Bilgilerin hatırlanması", .x = "step / adım", .y = "%"},
      {run.recall});

  const std::vector<Candidate> answer = next_words(model, words, "Adın ne?");
  lesson.claim(claims::question_after_question,
               words.piece(answer[0].token) == "Soyadın" ? answer[0].probability : 0.0);
  fmt::print("Adın ne? → {}\n", words.decode(generate_greedy(model, words.encode("Adın ne?"), 6)));

  // The same text once more, but 30 % of the facts are wrong. Nothing in it says which.
  const PeopleOptions wrong_facts{.corrupted = 0.3};
  Life doubtful(lesson.seed, wrong_facts);
  Gpt<> believer = untrained;
  const Run wrong = pre_train(believer, words, doubtful.world, steps, doubtful.random);
  const double told = recall(believer, words, doubtful.world.told);
  const double truth = recall(believer, words, doubtful.world.known);
  const auto percent = [](double share) { return fmt::format("{:.0f} %", share); };
  lesson.table(
      "Facts that are told wrongly are learnt as gladly",
      "Yanlış anlatılan bilgiler de aynı kolaylıkla öğrenilir",
      {{"text", "last loss", "tells what it read", "tells the truth"},
       {"all true", fmt::format("{:.3f}", run.last_loss), percent(recall(model, words, world.told)),
        percent(recall(model, words, world.known))},
       {"30 % wrong", fmt::format("{:.3f}", wrong.last_loss), percent(told), percent(truth)}});
  lesson.claim(claims::no_sign_of_truth, wrong.last_loss - run.last_loss);
  Claim tells_what_it_read = claims::tells_what_it_read.with_truth(told_truly(doubtful.world));
  tells_what_it_read.low = *tells_what_it_read.truth - 2,
  tells_what_it_read.high = *tells_what_it_read.truth + 2;
  lesson.claim(tells_what_it_read, truth);
  save_life(lesson, life, model);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson({"08_pre_training",
                     "Pre-training: a GPT reads, and comes to know the world that it read about"},
                    argc, argv, pre_training);
}
