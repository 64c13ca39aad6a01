#include "worlds/tasks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <numeric>

#include "damla/core/error.hpp"

namespace damla::worlds {

namespace {
const std::array<const char*, pick_instructions> instructions{"ilk", "ikinci", "üçüncü", "dördüncü",
                                                              "son iki"};
// Written by hand. Each word belongs to one category only.
const std::array<std::vector<std::string>, pick_categories> categories{
    {{"kırmızı", "mavi", "sarı", "yeşil", "mor", "beyaz", "siyah", "pembe", "turuncu", "gri"},
     {"elma", "armut", "kiraz", "üzüm", "incir", "nar", "ayva", "dut", "erik", "kavun"},
     {"kedi", "köpek", "at", "inek", "koyun", "keçi", "tavuk", "ördek", "kaz", "eşek"},
     {"masa", "sandalye", "dolap", "yatak", "lamba", "halı", "ayna", "raf", "koltuk", "perde"},
     {"öğretmen", "doktor", "avukat", "aşçı", "berber", "çiftçi", "ressam", "şoför", "eczacı",
      "terzi"},
     {"göl", "deniz", "dağ", "ova", "nehir", "orman", "çöl", "ada", "vadi", "yayla"}}};
const std::vector<std::string> countries{"Türkiye", "Japonya", "Hindistan", "Brezilya",
                                         "İsviçre", "Meksika", "Polonya",   "Kore"};
const std::vector<std::string> currencies{"lira",  "yen",  "rupi",  "real",
                                          "frank", "peso", "zloti", "won"};
}  // namespace

Tokens repeating_tokens(TokenSpan alphabet, Index length, Random& random) {
  require(length >= 6 && !alphabet.empty(),
          "repeating_tokens: the length needs to be at least 6, and the alphabet to have a token");
  const Index period = 3 + random.below(length / 2 - 2);
  Tokens tokens;
  for (Index t = 0; t < length; ++t)
    tokens.push_back(t < period ? random.pick(alphabet)
                                : tokens[static_cast<std::size_t>(t - period)]);
  return tokens;
}

std::string PickTask::question() const {
  return fmt::format("{}: {}", instruction, fmt::join(words, " "));
}

PickTask pick_task(Index instruction, Index category, Random& random) {
  PickTask task{instructions.at(static_cast<std::size_t>(instruction)), "", {}};
  std::vector<std::string> all = categories.at(static_cast<std::size_t>(category));
  random.shuffle(all);
  task.words.assign(all.begin(), all.begin() + 5);
  task.answer = instruction < 4 ? task.words[static_cast<std::size_t>(instruction)]
                                : task.words[3] + " " + task.words[4];
  return task;
}

bool pick_held_out(Index instruction, Index category) {
  return category % pick_instructions == instruction;
}

std::string pick_every_word() {
  std::string text = "ilk ikinci üçüncü dördüncü son iki :";
  for (const auto& words : categories) text += fmt::format(" {}", fmt::join(words, " "));
  return text;
}

CurrencyGame::CurrencyGame(Random& random) : mapping(countries.size()) {
  std::iota(mapping.begin(), mapping.end(), Index{0});
  random.shuffle(mapping);
}

const std::string& CurrencyGame::country(Index i) {
  return countries.at(static_cast<std::size_t>(i));
}

const std::string& CurrencyGame::currency(Index country) const {
  return currencies.at(static_cast<std::size_t>(mapping.at(static_cast<std::size_t>(country))));
}

std::string CurrencyGame::tell(const std::vector<Index>& asked, Random* scrambled) const {
  std::string text;
  for (const Index c : asked) {
    const bool swapped = scrambled && scrambled->chance(0.5);
    text += (swapped ? currency(c) + " " + country(c) : country(c) + " " + currency(c)) + " ";
  }
  return text;
}

std::string CurrencyGame::draw(Index pairs, Random& random) const {
  std::vector<Index> drawn;
  for (Index i = 0; i < pairs; ++i) drawn.push_back(random.below(std::ssize(mapping)));
  return tell(drawn);
}

std::string CurrencyGame::every_word() {
  return fmt::format("{} {}", fmt::join(countries, " "), fmt::join(currencies, " "));
}

}  // namespace damla::worlds
