#include "worlds/tasks.hpp"

#include <set>

#include "helpers/catch.hpp"

using namespace damla;
using namespace damla::worlds;

TEST_CASE("tasks: the lecture's proverb is kept from “son iki”, whose answer is “göl olur”",
          "[worlds]") {
  const PickTask task = proverb_task(proverb_held_out(4), 4);
  CHECK(task.question() == "son iki: damlaya damlaya göl olur");
  CHECK(task.answer == "göl olur");
}

TEST_CASE("tasks: each word of a proverb is an answer in training, or it could not be learned",
          "[worlds]") {
  for (Index p = 0; p < pick_proverbs; ++p) {
    std::string answers;
    for (Index i = 0; i < pick_instructions; ++i)
      if (i != proverb_held_out(p)) answers += proverb_task(i, p).answer + " ";
    const std::vector<std::string> words = proverb_task(0, p).words;
    CHECK(words.size() == 4);
    for (const std::string& word : words) {
      CAPTURE(p, word);
      CHECK(answers.find(word + " ") != std::string::npos);
    }
  }
}

TEST_CASE("tasks: the last two words are the last two of four as of five", "[worlds]") {
  Random random(1);
  std::set<std::size_t> lengths;
  for (int i = 0; i < 100; ++i) {
    const PickTask task = pick_task(4, random.below(pick_categories), random);
    lengths.insert(task.words.size());
    CHECK(task.answer == *(task.words.end() - 2) + " " + task.words.back());
  }
  CHECK(lengths == std::set<std::size_t>{4, 5});
}
