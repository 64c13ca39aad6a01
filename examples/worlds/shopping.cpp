#include "worlds/shopping.hpp"

#include <cmath>

#include "damla/core/error.hpp"

namespace damla::worlds {

ShoppingList shopping_list(Index n, Random& random, double habit) {
  expect_count("shopping_list", "n", n, 1);
  expect_number("shopping_list", "habit", habit, positive);
  constexpr Index pairs = shop_goods / 2;
  std::vector<double> weights(static_cast<std::size_t>(shop_goods), habit);
  ShoppingList list;
  for (Index t = 0; t < n; ++t) {
    const auto pair = static_cast<std::size_t>(2 * random.below(pairs));
    const double both = weights[pair] + weights[pair + 1];
    const std::size_t good = random.chance(weights[pair] / both) ? pair : pair + 1;
    list.best.push_back(-std::log(weights[good] / both / pairs));
    list.goods.push_back(static_cast<Token>(good));
    weights[good] += 1;
  }
  return list;
}

Tokens list_read_twice(Index n, Random& random) {
  expect_count("list_read_twice", "n", n, 1);
  Tokens goods;
  for (Index i = 0; i < n; ++i) goods.push_back(static_cast<Token>(random.below(shop_goods)));
  Tokens text = goods;
  text.push_back(read_again);
  text.insert(text.end(), goods.begin(), goods.end());
  return text;
}

}  // namespace damla::worlds
