// Any bytes as the votes of lesson 11.
#include "11_preferences/voting.hpp"

#include "fuzz.hpp"

namespace {
const damla::WordTokenizer& words() {
  static const auto all = damla::WordTokenizer::from_text("soru iyi kötü başka a b c");
  return all;
}
}  // namespace

std::vector<std::string> seeds() { return {"soru\tiyi\tkötü\nbaşka\tA\tB\r\n", "a\tb\tc"}; }

void check(std::string_view bytes) {
  const std::string path = memory_file(bytes);
  may_refuse([&] {
    for (const damla::Vote& vote : damla::read_votes(path, words()))
      must((vote.question + vote.chosen + vote.rejected).find_first_of("\t\n") ==
           std::string::npos);
  });
}
