// bench_tokenizer [TEXT_FILE]: what tokenizers do in a second of processor time, on one thread, and
// how much memory it takes. MB are 10^6 bytes. Without a file it writes 2.7 MB of Turkish itself.
// bench_tokenizer --write MEGABYTES: such a text to the standard output.
// bench_tokenizer --train TEXT_FILE: 30,000 pieces from a file of any size.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <vector>

#include "damla/core/random.hpp"
#include "damla/text/byte_pair_tokenizer.hpp"
#include "damla/text/character_tokenizer.hpp"
#include "damla/text/read_text.hpp"
#include "damla/text/unicode.hpp"
#include "damla/text/word_tokenizer.hpp"

using namespace damla;

namespace {

// Lines that look like Turkish: 6,000 stems of one to three syllables, the r-th as often as 1/r
// says, each with up to four suffixes in vowel harmony. 2.7 MB have 270,000 words of 83,000 forms,
// and as in any language these grow with the text.
class TurkishLines {
 public:
  TurkishLines() {
    while (stems_.size() < 6000) {
      const bool front = random_.chance(0.5);
      std::string stem;
      for (Index syllables = 1 + (random_.below(8) + 3) / 5; syllables > 0; --syllables) {
        stem += random_.pick(consonants_);
        stem += random_.pick(front ? front_ : back_);
        if (random_.chance(0.5)) stem += random_.pick(consonants_);
      }
      stems_.push_back({stem, front});
    }
  }

  std::string next() {
    std::string line;
    for (Index left = 6 + random_.below(8); left > 0; --left) {
      std::string word = this->word();
      if (line.empty() || random_.chance(0.05)) {
        const std::size_t first = next_code_point(word, 0).length;
        word = to_upper(word.substr(0, first)) + word.substr(first);
      }
      if (random_.chance(0.02)) word += "'nin";
      if (random_.chance(0.02)) word = std::to_string(1900 + random_.below(130));
      line += (line.empty() ? "" : " ") + word + (left > 1 && random_.chance(0.1) ? "," : "");
    }
    return line + ".\n";
  }

 private:
  struct Stem {
    std::string text;
    bool front;
  };
  using Texts = std::vector<std::string>;

  std::string word() {
    const auto rank = std::pow(static_cast<double>(stems_.size()), random_.uniform()) - 1;
    const Stem& stem = stems_[static_cast<std::size_t>(rank)];
    std::string word = stem.text;
    const auto suffix = [&](double chance, const Texts& back, const Texts& front) {
      const Texts& texts = stem.front ? front : back;  // the first are the most frequent
      const double place = static_cast<double>(texts.size()) * std::pow(random_.uniform(), 2);
      if (random_.chance(chance)) word += texts[static_cast<std::size_t>(place)];
    };
    suffix(0.15, {"lık", "cı", "sız", "lı"}, {"lik", "ci", "siz", "li"});
    suffix(0.2, {"lar"}, {"ler"});
    suffix(0.3, {"ım", "ın", "ı", "ımız", "ınız"}, {"im", "in", "i", "imiz", "iniz"});
    suffix(0.4, {"da", "dan", "a", "ı", "ın", "la"}, {"de", "den", "e", "i", "in", "le"});
    return word;
  }

  Random random_{1};
  const Texts consonants_{"b", "c", "ç", "d", "g", "h", "k", "l", "m",
                          "n", "p", "r", "s", "ş", "t", "y", "z"},
      front_{"e", "i", "ö", "ü"}, back_{"a", "ı", "o", "u"};
  std::vector<Stem> stems_;
};

// The most memory that `call` holds at once beyond what there is now, in bytes; only Linux tells.
double memory(const std::function<void()>& call) {
  const auto kilobytes = [](const std::string& name) {
    std::ifstream status("/proc/self/status");
    for (std::string field; status >> field;)
      if (double value = 0; field == name && status >> value) return value;
    return std::nan("");
  };
  std::ofstream("/proc/self/clear_refs") << 5;  // the peak begins anew
  const double before = kilobytes("VmRSS:");
  call();
  return 1024 * (kilobytes("VmHWM:") - before);
}

constexpr int rounds = 7;

struct Task {
  std::string name;
  std::function<void()> call;
  std::vector<double> times = {};
};

// Seconds of processor time: medians of rounds in which the tasks take turns.
void measure(std::vector<Task>& tasks) {
  for (int round = 0; round < rounds; ++round)
    for (Task& task : tasks) {
      const std::clock_t start = std::clock();
      task.call();
      task.times.push_back(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    }
  for (Task& task : tasks)
    std::nth_element(task.times.begin(), task.times.begin() + rounds / 2, task.times.end());
}

template <class Learn>
void report(const char* name, const std::string& text, Learn learn) {
  const double megabytes = static_cast<double>(text.size()) / 1e6;
  const auto tokenizer = learn();
  Tokens tokens;
  const double bytes = memory([&] { tokens = tokenizer.encode(text); });
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end) {
    end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    lines.push_back(std::string_view(text).substr(begin, end - begin));
  }
  std::vector<Task> tasks{{"learns", [&] { learn(); }},
                          {"encodes", [&] { tokenizer.encode(text); }},
                          {"line by line",
                           [&] {
                             for (const std::string_view line : lines) tokenizer.encode(line);
                           }},
                          {"decodes", [&] { tokenizer.decode(tokens); }}};
  measure(tasks);
  fmt::print("{:24} {:6} tokens, {:8} for the text, {:4.1f} bytes of memory a byte;", name,
             tokenizer.vocab_size(), tokens.size(), bytes / static_cast<double>(text.size()));
  for (const Task& task : tasks)
    fmt::print(" {} {:.1f},", task.name, megabytes / task.times[rounds / 2]);
  fmt::print(" MB/s\n");
}

}  // namespace

int main(int argc, char** argv) {
  const std::string option = argc > 1 ? argv[1] : "";
  if (option == "--train" && argc > 2) {
    const std::clock_t start = std::clock();
    Index size = 0;
    const double bytes = memory([&] {
      size = BytePairTokenizer::train([&](const ByteSink& sink) { read_text(argv[2], sink); },
                                      {.vocab_size = 30000})
                 .vocab_size();
    });
    fmt::print("{} pieces in {:.1f} s of processor time, with {:.0f} MB of memory\n", size,
               static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, bytes / 1e6);
    return 0;
  }
  std::string text;
  if (option.empty() || option == "--write") {
    TurkishLines lines;
    const double bytes = 1e6 * (argc > 2 ? std::atof(argv[2]) : 2.7);
    for (double written = 0; written < bytes;) {
      const std::string line = lines.next();
      written += static_cast<double>(line.size());
      if (option.empty()) text += line;
      else fmt::print("{}", line);
    }
    if (!option.empty()) return 0;
  } else {
    text = read_text(option);
  }
  report("characters", text, [&] { return CharacterTokenizer::from_text(text); });
  report("words", text, [&] { return WordTokenizer::from_text(text); });
  for (const auto rule : {PreTokenization::turkish, PreTokenization::gpt2})
    for (const Index size : {4096, 30000})
      report(rule == PreTokenization::turkish ? "byte pairs, Turkish cuts"
                                              : "byte pairs, GPT-2's cuts",
             text, [&] {
               return BytePairTokenizer::train(text,
                                               {.vocab_size = size, .pre_tokenization = rule});
             });
}
