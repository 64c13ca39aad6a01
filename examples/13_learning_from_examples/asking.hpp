#pragma once

// For lesson 13: how well a model knows a currency from the examples in its prompt.

#include <string>
#include <vector>

#include "damla/damla.hpp"
#include "worlds/tasks.hpp"

namespace damla {
using namespace worlds;

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
