#include "worlds/tasks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <iterator>
#include <numeric>
#include <sstream>
#include <utility>

#include "damla/core/error.hpp"

namespace damla::worlds {

namespace {
const std::array<const char*, pick_instructions> instructions{"ilk", "ikinci", "üçüncü", "dördüncü",
                                                              "son iki"};
// Written by hand. Each word belongs to one category only; a few stand in a proverb too.
const std::array<std::vector<std::string>, pick_categories> categories{
    {{"kırmızı", "mavi", "sarı", "yeşil", "mor", "beyaz", "siyah", "pembe", "turuncu", "gri"},
     {"elma", "armut", "kiraz", "üzüm", "incir", "nar", "ayva", "dut", "erik", "kavun"},
     {"kedi", "köpek", "at", "inek", "koyun", "keçi", "tavuk", "ördek", "kaz", "eşek"},
     {"masa", "sandalye", "dolap", "yatak", "lamba", "halı", "ayna", "raf", "koltuk", "perde"},
     {"öğretmen", "doktor", "avukat", "aşçı", "berber", "çiftçi", "ressam", "şoför", "eczacı",
      "terzi"},
     {"göl", "deniz", "dağ", "ova", "nehir", "orman", "çöl", "ada", "vadi", "yayla"}}};
// Of four words each; the lecture's is number 4.
const std::array<const char*, pick_proverbs> proverbs{
    "sakla samanı gelir zamanı",      "işleyen demir pas tutmaz",     "mum dibine ışık vermez",
    "acele işe şeytan karışır",       "damlaya damlaya göl olur",     "ateş düştüğü yeri yakar",
    "rüzgâr eken fırtına biçer",      "gülü seven dikenine katlanır", "bir elin nesi var",
    "komşu komşunun külüne muhtaçtır"};
const std::vector<std::string> countries{"Türkiye", "Japonya", "Hindistan", "Brezilya",
                                         "İsviçre", "Meksika", "Polonya",   "Kore"};
const std::vector<std::string> currencies{"lira",  "yen",  "rupi",  "real",
                                          "frank", "peso", "zloti", "won"};

PickTask ask(Index instruction, std::vector<std::string> words) {
  const auto i = static_cast<std::size_t>(instruction), n = words.size();
  const std::string answer = i < 4 ? words.at(i) : words[n - 2] + " " + words[n - 1];
  return {instructions.at(i), answer, std::move(words)};
}
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
  std::vector<std::string> words = categories.at(static_cast<std::size_t>(category));
  random.shuffle(words);
  words.resize(static_cast<std::size_t>(4 + random.below(2)));
  return ask(instruction, std::move(words));
}

PickTask proverb_task(Index instruction, Index proverb) {
  std::istringstream text(proverbs.at(static_cast<std::size_t>(proverb)));
  return ask(instruction, {std::istream_iterator<std::string>(text), {}});
}

bool pick_held_out(Index instruction, Index category) {
  return category % pick_instructions == instruction;
}

Index proverb_held_out(Index proverb) { return proverb % 2 == 0 ? 4 : 2; }

std::string every_proverb() { return fmt::format("{}", fmt::join(proverbs, " ")); }

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
