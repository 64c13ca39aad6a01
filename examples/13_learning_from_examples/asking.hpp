#pragma once

// For lesson 13: how well a model follows an instruction, and how well it knows a currency from the
// examples in its prompt.

#include <string>
#include <vector>

#include "damla/damla.hpp"
#include "worlds/tasks.hpp"

namespace damla {
using namespace worlds;

/// Right answers, in %, to tasks from the held-out cells: an instruction with words of a category.
inline double right_about_lists(Gpt<>& model, const WordTokenizer& words, Random& random) {
  Index right = 0, asked = 0;
  while (asked < 300) {
    const Index instruction = random.below(pick_instructions),
                category = random.below(pick_categories);
    if (!pick_held_out(instruction, category)) continue;
    const PickTask task = pick_task(instruction, category, random);
    right += answer(model, words, task.question()) == task.answer ? 1 : 0;
    ++asked;
  }
  return 100.0 * static_cast<double>(right) / static_cast<double>(asked);
}

/// A proverb after the instruction that it was kept from.
struct AskedProverb {
  std::string question, answer, said;
  bool right() const { return said == answer; }
};

inline std::vector<AskedProverb> ask_proverbs(Gpt<>& model, const WordTokenizer& words) {
  std::vector<AskedProverb> asked;
  for (Index p = 0; p < pick_proverbs; ++p) {
    const PickTask task = proverb_task(proverb_held_out(p), p);
    asked.push_back({task.question(), task.answer, answer(model, words, task.question())});
  }
  return asked;
}

/// The share of right currencies, in %, when 0, 1, 2, 3 or 4 of the prompt's 15 examples are of the
/// country asked about.
inline std::vector<double> by_examples(Gpt<>& model, const WordTokenizer& words, bool scrambled,
                                       Random& random) {
  std::vector<double> right(5);
  for (std::size_t shots = 0; shots < right.size(); ++shots)
    for (int i = 0; i < 200; ++i) {
      const CurrencyGame game(random);
      const Index asked = random.below(8);
      std::vector<Index> examples(shots, asked);
      while (examples.size() < 15) examples.push_back((asked + 1 + random.below(7)) % 8);
      random.shuffle(examples);
      const std::string told = game.tell(examples, scrambled ? &random : nullptr);
      const Tokens prompt = words.encode(told + game.country(asked));
      const Token said =
          candidates(model.forward(prompt, std::ssize(prompt)).bottomRows(1))[0].token;
      right[shots] += words.piece(said) == game.currency(asked) ? 0.5 : 0;
    }
  return right;
}

}  // namespace damla
