#include "worlds/alchemy.hpp"

#include <array>
#include <cmath>

#include "damla/core/error.hpp"

namespace damla::worlds {

namespace {
const std::array<std::string, AlchemyBook::substances> names{
    "su", "ateş", "toprak", "hava", "buhar", "çamur", "kum", "cam", "taş", "kül", "duman", "tuz"};

const std::string& name(Index substance) { return names[static_cast<std::size_t>(substance)]; }
}  // namespace

AlchemyBook::AlchemyBook(Random& random) {
  for (Index i = 0; i < substances * substances; ++i) results_.push_back(random.below(substances));
}

Index AlchemyBook::mix(Index first, Index second) const {
  for (const Index s : {first, second})
    if (s < 0 || s >= substances)
      throw Error("AlchemyBook::mix: substance " + std::to_string(s) + ", but there are 0 to " +
                  std::to_string(substances - 1));
  return results_[static_cast<std::size_t>(first * substances + second)];
}

std::string AlchemyBook::draw(Random& random) const {
  std::string list;
  for (Index i = 0; i < listed; ++i) list += name(random.below(elements)) + " ";
  std::string text = "önce " + list + ". yine " + list + ".";
  for (Index i = 0; i < mixtures; ++i) {
    const auto first = random.below(substances);
    const auto second = random.below(substances);
    text += " " + name(first) + " " + name(second) + " " + name(mix(first, second)) + " .";
  }
  return text;
}

double AlchemyBook::best_loss() {
  const double drawn =
      listed * std::log(1.0 * elements) + 2 * mixtures * std::log(1.0 * substances);
  return drawn / (words - 1);
}

}  // namespace damla::worlds
