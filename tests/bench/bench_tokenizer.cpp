// bench_tokenizer TEXT_FILE: processor time of training, and megabytes (10^6 bytes) a second of
// encoding and decoding, on one thread; each the median of five. Any plain UTF-8 text of a few
// megabytes will do.
#include <fmt/core.h>

#include <algorithm>
#include <ctime>
#include <vector>

#include "damla/text/byte_pair_tokenizer.hpp"
#include "damla/text/character_tokenizer.hpp"
#include "damla/text/read_text.hpp"
#include "damla/text/word_tokenizer.hpp"

using namespace damla;

namespace {

template <class Call>
double seconds(Call call) {
  std::vector<double> times;
  for (int i = 0; i < 5; ++i) {
    const std::clock_t start = std::clock();
    call();
    times.push_back(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  std::nth_element(times.begin(), times.begin() + 2, times.end());
  return times[2];
}

template <class T>
void report(const char* name, const T& tokenizer, const std::string& text, double training) {
  const double megabytes = static_cast<double>(text.size()) / 1e6;
  Tokens tokens;
  const double encoding = seconds([&] { tokens = tokenizer.encode(text); });
  const double decoding = seconds([&] { tokenizer.decode(tokens); });
  const double by_line = seconds([&] {
    for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end) {
      end = std::min(text.find('\n', begin), text.size() - 1) + 1;
      tokenizer.encode(std::string_view(text).substr(begin, end - begin));
    }
  });
  fmt::print(
      "{:24} {:7} tokens in all, {:8} for the text; built in {:.3f} s; encodes {:.1f} MB/s, line "
      "by line {:.1f}; "
      "decodes {:.0f}\n",
      name, tokenizer.vocab_size(), tokens.size(), training, megabytes / encoding,
      megabytes / by_line, megabytes / decoding);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return fmt::print(stderr, "bench_tokenizer TEXT_FILE\n"), 2;
  const std::string text = read_text(argv[1]);
  fmt::print("{:.2f} MB of text\n", static_cast<double>(text.size()) / 1e6);
  auto characters = CharacterTokenizer::from_text(text);
  double time = seconds([&] { characters = CharacterTokenizer::from_text(text); });
  report("characters", characters, text, time);
  auto words = WordTokenizer::from_text(text);
  time = seconds([&] { words = WordTokenizer::from_text(text); });
  report("words", words, text, time);
  for (const auto rule : {PreTokenization::turkish, PreTokenization::gpt2})
    for (const Index size : {4096, 30000}) {
      const BytePairOptions options{.vocab_size = size, .pre_tokenization = rule};
      auto pairs = BytePairTokenizer::train(text, options);
      time = seconds([&] { pairs = BytePairTokenizer::train(text, options); });
      report(
          rule == PreTokenization::turkish ? "byte-pair, Turkish cuts" : "byte-pair, GPT-2's cuts",
          pairs, text, time);
    }
}
