#include "worlds/irony.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "damla/core/error.hpp"
#include "damla/text/word_tokenizer.hpp"
#include "helpers/catch.hpp"

using namespace damla;
using namespace damla::worlds;

namespace {
std::vector<std::string> bag(const std::string& text) {
  std::vector<std::string> words = split_words(text, {});
  std::sort(words.begin(), words.end());
  return words;
}
bool has(const std::string& text, const char* word) {
  const std::vector<std::string> words = split_words(text, {});
  return std::find(words.begin(), words.end(), word) != words.end();
}
}  // namespace

TEST_CASE(
    "irony: a goal is good news when we score it or they concede it, and no single word tells",
    "[worlds]") {
  Random random(1);
  std::map<std::string, Index> with, good_with;
  for (const LabelledText& t : irony_texts(Irony::cheer, 800, random)) {
    CHECK((t.label == 1) == (has(t.text, "bizim") == has(t.text, "attı")));
    CHECK(has(t.text, "bizim") != has(t.text, "rakip"));
    CHECK(has(t.text, "attı") != has(t.text, "yedi"));
    for (const std::string& word : bag(t.text)) ++with[word], good_with[word] += t.label;
  }
  for (const auto& [word, n] : with) {
    CAPTURE(word);
    CHECK(2 * good_with[word] == n);
  }
}

TEST_CASE("irony: texts of one bag of words have both labels, equally often", "[worlds]") {
  Random random(2);
  std::map<std::vector<std::string>, Index> balance;
  std::set<std::string> texts;
  for (const LabelledText& t : irony_texts(Irony::order, 800, random)) {
    balance[bag(t.text)] += t.label == 1 ? 1 : -1;
    texts.insert(t.text);
    const bool bizim_first = t.text.find("izim ") < t.text.find("akip "),
               atti_first = t.text.find("attı") < t.text.find("yedi");
    CHECK((t.label == 1) == (bizim_first == atti_first));
  }
  CHECK(texts.size() == 800);
  for (const auto& [words, sum] : balance) CHECK(sum == 0);
}

TEST_CASE("irony: in the design that fails, one word tells", "[worlds]") {
  Random random(3);
  for (const LabelledText& t : irony_texts(Irony::giveaway, 400, random))
    CHECK((t.label == 1) == has(t.text, "attık"));
  for (const LabelledText& t : irony_texts(Irony::plain, 400, random)) {
    const auto& bad = negative_adjectives();
    CHECK((t.label == 0) == std::any_of(bad.begin(), bad.end(),
                                        [&](const auto& w) { return has(t.text, w.c_str()); }));
  }
}

TEST_CASE("irony: impossible numbers of texts are refused", "[worlds]") {
  Random random(4);
  CHECK_THROWS_AS(irony_texts(Irony::cheer, 10, random), Error);
  CHECK_THROWS_AS(irony_texts(Irony::plain, 1000000, random), Error);
}
