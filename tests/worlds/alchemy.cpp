#include "worlds/alchemy.hpp"

#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"

using namespace damla;
using namespace damla::worlds;

namespace {
std::vector<std::string> split(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}
}  // namespace

TEST_CASE("a story of alchemy repeats its list, and a mixture becomes the same each time",
          "[worlds]") {
  Random random(1);
  const AlchemyBook book(random);
  std::set<std::string> elements, results;
  std::map<std::pair<std::string, std::string>, std::string> found;
  for (int i = 0; i < 500; ++i) {
    const std::vector<std::string> w = split(book.draw(random));
    REQUIRE(w.size() == 40);
    CHECK((w[0] == "önce" && w[9] == "." && w[10] == "yine" && w[19] == "."));
    for (std::size_t k = 1; k <= 8; ++k) {
      CHECK(w[k] == w[k + 10]);
      elements.insert(w[k]);
    }
    for (std::size_t at = 20; at < 40; at += 4) {
      CHECK(found.try_emplace({w[at], w[at + 1]}, w[at + 2]).first->second == w[at + 2]);
      CHECK(w[at + 3] == ".");
      results.insert(w[at + 2]);
    }
  }
  CHECK(elements == std::set<std::string>{"su", "ateş", "toprak", "hava"});
  CHECK(found.size() == 144);
  CHECK(results.size() == 12);
}

TEST_CASE("which words of a story are certain, and the best loss of the others", "[worlds]") {
  for (Index w = 0; w < AlchemyBook::words; ++w) {
    CAPTURE(w);
    CHECK(AlchemyBook::copied(w) == (w >= 11 && w <= 18));
    CHECK(AlchemyBook::mixed(w) == (w == 22 || w == 26 || w == 30 || w == 34 || w == 38));
  }
  // Eight of four, and ten of twelve; 39 words have one before them.
  CHECK(AlchemyBook::best_loss() == Approx((8 * std::log(4.0) + 10 * std::log(12.0)) / 39));
}

TEST_CASE("a book of alchemy knows the substances that there are", "[worlds]") {
  Random random(2), same(2), other(3);
  const AlchemyBook book(random), twin(same), another(other);
  int differ = 0;
  for (Index a = 0; a < 12; ++a)
    for (Index b = 0; b < 12; ++b) {
      CHECK(book.mix(a, b) == twin.mix(a, b));
      differ += book.mix(a, b) != another.mix(a, b) ? 1 : 0;
    }
  CHECK(differ > 100);  // of 144; 132 on average
  CHECK(error_says([&] { book.mix(0, 12); }, {"AlchemyBook::mix", "12"}));
  CHECK(error_says([&] { book.mix(-1, 0); }, {"AlchemyBook::mix", "-1"}));
}
