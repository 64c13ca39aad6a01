#include "worlds/shopping.hpp"

#include <cmath>

#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"

using namespace damla;
using namespace damla::worlds;

TEST_CASE("a shopper's habits show in the probabilities that the list tells", "[worlds]") {
  Random random(1);
  const ShoppingList list = shopping_list(400, random, 0.5);
  REQUIRE(list.goods.size() == 400);
  std::vector<double> seen(32);
  for (std::size_t t = 0; t < 400; ++t) {
    const auto good = static_cast<std::size_t>(list.goods[t]);
    REQUIRE(good < 32);
    const double both = seen[good] + seen[good ^ 1];  // of the pair
    CHECK(list.best[t] == Approx(-std::log((seen[good] + 0.5) / (both + 1) / 16)));
    seen[good] += 1;
  }
}

TEST_CASE("the first good is any, and a second of its pair the same with the urn's probability",
          "[worlds]") {
  Random random(2);
  int first = 0, pairs = 0, same = 0;
  const int lists = 40000;
  for (int i = 0; i < lists; ++i) {
    const Tokens goods = shopping_list(2, random, 0.5).goods;
    first += goods[0] == 5 ? 1 : 0;
    pairs += goods[0] / 2 == goods[1] / 2 ? 1 : 0;
    same += goods[0] == goods[1] ? 1 : 0;
  }
  // Four standard errors: 1/32, 1/16, and (1 + ½) / (1 + 1).
  CHECK(std::abs(first / double(lists) - 1.0 / 32) < 4 * std::sqrt(1.0 / 32 / lists));
  CHECK(std::abs(pairs / double(lists) - 1.0 / 16) < 4 * std::sqrt(1.0 / 16 / lists));
  CHECK(std::abs(same / double(pairs) - 0.75) < 4 * std::sqrt(0.75 * 0.25 / pairs));
}

TEST_CASE("a list that is read twice is the same the second time", "[worlds]") {
  Random random(3);
  const Tokens text = list_read_twice(5, random);
  REQUIRE(text.size() == 11);
  CHECK(text[5] == read_again);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(text[i] == text[6 + i]);
    CHECK(text[i] < read_again);
  }
}

TEST_CASE("a list of nothing, and habits of nobody, are errors", "[worlds]") {
  Random random(4);
  CHECK(error_says([&] { shopping_list(0, random); }, {"shopping_list", "n is 0"}));
  CHECK(error_says([&] { shopping_list(3, random, 0); }, {"shopping_list", "habit is 0"}));
  CHECK(error_says([&] { list_read_twice(0, random); }, {"list_read_twice", "n is 0"}));
}
