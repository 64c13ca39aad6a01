// Lesson 12: learning from examples. A model follows an instruction that it never saw with these words (zero-shot), and learns a
// mapping that exists in the prompt alone (few-shot): the more examples stand there, the better, as long as their format is kept.
#include <fmt/core.h>

#include "damla/damla.hpp"
#include "damla/report/lesson.hpp"
#include "damla/report/picture.hpp"
#include "damla/synthetic/tasks.hpp"
#include "life.hpp"

using namespace damla;
using namespace damla::report;

namespace {

/// Zero-shot: instructions × categories, of which six cells are kept out of training.
void follow_instructions(Lesson& lesson) {
  Random random(lesson.seed);
  const auto words = WordTokenizer::from_text(pick_every_word(), {.special_tokens = chat_tokens()});
  Gpt<> model({.vocab_size = words.vocab_size(), .context = 16, .channels = 64, .heads = 2, .layers = 2, .deviation = 0.05}, random);
  random.fill_normal(model.wpe.weight.value, 0.1);  // here everything depends on positions: they are loud from the start
  const auto draw = [&](bool held_out) {
    for (;;) {
      const Index instruction = random.below(pick_instructions), category = random.below(pick_categories);
      if (pick_held_out(instruction, category) == held_out) return pick_task(instruction, category, random);
    }
  };
  tune(model, 1000, 1e-3, [&] {
    const PickTask task = draw(false);
    return chat_example(words, task.question(), task.answer);
  });
  int right = 0;
  const int trials = 300;
  for (int i = 0; i < trials; ++i) {
    const PickTask task = draw(true);
    right += answer(model, words, task.question()) == task.answer ? 1 : 0;
  }
  const PickTask shown = draw(true);
  fmt::print("{} → {}\n", shown.question(), answer(model, words, shown.question()));
  lesson.claim({.number = 27, .says = "zero-shot: instructions with categories that they were never seen with", .says_tr = "sıfır örnekle: hiç birlikte görülmedikleri kategorilerle yönergeler",
                .measured = 100.0 * right / trials, .low = 85, .unit = "%"});
}

/// The share of right currencies, in %, when 0, 1, 2, 3 or 4 of the 15 examples in the prompt are of the country asked about.
std::vector<double> by_examples(Gpt<>& model, const WordTokenizer& words, bool scrambled, Random& random) {
  std::vector<double> right(5);
  for (std::size_t shots = 0; shots < right.size(); ++shots)
    for (int i = 0; i < 200; ++i) {
      const CurrencyGame game(random);
      const Index asked = random.below(8);
      std::vector<Index> examples(shots, asked);
      while (examples.size() < 15) examples.push_back((asked + 1 + random.below(7)) % 8);
      random.shuffle(examples);
      const Tokens prompt = words.encode(game.tell(examples, scrambled ? &random : nullptr) + game.country(asked));
      const Token said = candidates(model.forward(prompt, std::ssize(prompt)).bottomRows(1))[0].token;
      right[shots] += words.piece(said) == game.currency(asked) ? 0.5 : 0;
    }
  return right;
}

/// First anything that repeats: from it the model learns to look for the last place where a word stood and to copy what followed.
/// Then the game, with another mapping in each sequence.
void learn_to_learn(Gpt<>& model, const WordTokenizer& words, Index warm_up, Index steps, Random& random) {
  CrossEntropy cross_entropy;
  AdamW optimizer;
  Progress progress(fmt::format("{} layers", model.options.layers), steps);
  Tokens alphabet;
  for (Token t = 1; t < words.vocab_size(); ++t) alphabet.push_back(t);
  for (Index step = 0; step < steps; ++step) {
    Tokens inputs, targets;
    for (int b = 0; b < 32; ++b) {
      const Tokens text = step < warm_up ? repeating_tokens(alphabet, 33, random) : words.encode(CurrencyGame(random).draw(17, random));
      inputs.insert(inputs.end(), text.begin(), text.begin() + 32), targets.insert(targets.end(), text.begin() + 1, text.begin() + 33);
    }
    const Matrix& logits = model.forward(inputs, 32);
    const double loss = cross_entropy.forward(logits, targets);
    zero_gradients(model);
    model.backward(inputs, cross_entropy.backward(logits, targets), 32);
    optimizer.rate = Scalar(1e-3) * std::min(Scalar(1), static_cast<Scalar>(step + 1) / 50);
    optimizer.step(model, clip_scale(model, 1.0));
    progress.update(step, loss, std::ssize(inputs));
  }
}

void learning_from_examples(Lesson& lesson) {
  follow_instructions(lesson);
  Random random(lesson.seed);
  const auto words = WordTokenizer::from_text(pick_every_word() + " " + CurrencyGame::every_word(), {.casing = Casing::keep});
  const Index warm_up = lesson.flag("--without-repeats") ? 0 : lesson.fast ? 300 : 800, steps = lesson.fast ? 500 : 1300;
  GptOptions size{.vocab_size = words.vocab_size(), .context = 32, .channels = 64, .heads = 4, .layers = 2, .deviation = 0.06};
  Gpt<> two(size, random);
  size.layers = 1;
  Gpt<> one(size, random);
  learn_to_learn(two, words, warm_up, steps, random);
  learn_to_learn(one, words, warm_up, steps, random);
  const std::vector<double> x{0, 1, 2, 3, 4};
  const std::vector<Series> lines{{"two layers / iki katman", x, by_examples(two, words, false, random)}, {"one layer / tek katman", x, by_examples(one, words, false, random)},
                                  {"scrambled / karışık", x, by_examples(two, words, true, random)}};
  std::vector<std::vector<std::string>> rows{{"examples of the country", "0", "1", "2", "3", "4"}};
  for (const Series& line : lines) {
    rows.push_back({line.name});
    for (const double y : line.y) rows.back().push_back(fmt::format("{:.0f} %", y));
  }
  lesson.table("Right currencies by number of examples", "Örnek sayısına göre doğru para birimleri", rows);
  draw_lines(lesson.picture("shots", "Right currencies by number of examples in the prompt", "İstemdeki örnek sayısına göre doğru para birimleri"),
             {.title = "Örneklerden öğrenme / learning from examples", .x = "examples / örnek", .y = "%", .y_range = {0, 105}}, lines);
  const bool asserted = warm_up > 0 && !lesson.fast;
  const auto claim = [&](int number, const std::string& says, const std::string& says_tr, double measured, double low, double high) {
    lesson.claim({.number = number, .says = says, .says_tr = says_tr, .measured = measured, .low = low, .high = high, .unit = "%", .asserted = asserted});
  };
  claim(28, "few-shot: the currency after three examples", "birkaç örnekle: üç örnekten sonra para birimi", lines[0].y[3], 85, 100);
  claim(28, "one layer cannot: the currency after three examples", "tek katman yapamaz: üç örnekten sonra para birimi", lines[1].y[3], 0, 40);
  claim(29, "keep the format: points lost when the examples' order is scrambled", "biçimi koru: örneklerin sırası karışınca kaybedilen puan", lines[0].y[3] - lines[2].y[3], 10, 100);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson({"12_learning_from_examples", "Zero-shot, few-shot, and why the format matters", {{"--without-repeats", "", "The broken recipe: no repeating texts"}}},
                    argc, argv, learning_from_examples);
}
