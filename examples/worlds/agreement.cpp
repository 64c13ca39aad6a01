#include "worlds/agreement.hpp"

#include <array>

#include "worlds/turkish.hpp"

namespace damla::worlds {

namespace {
struct Pronoun {
  const char *word, *ending;
};
struct Case {
  std::string_view suffix;
  const char* stem;
};
const std::array<Pronoun, 6> persons{
    {{"Ben", "m"}, {"Sen", "n"}, {"O", ""}, {"Biz", "k"}, {"Siz", "nIz"}, {"Onlar", "lAr"}}};
const std::array<Case, 3> cases{
    {{turkish::dative, "gel"}, {turkish::ablative, "çık"}, {turkish::locative, "kal"}}};
const std::array<const char*, 8> places{"ev",   "okul", "park",      "müze",
                                        "kamp", "köy",  "kütüphane", "çarşı"};
const std::array<const char*, 6> adjectives{"", "", "büyük", "eski", "sessiz", "kalabalık"};
const std::array<const char*, 5> times{"dün", "erken", "akşam", "sabah", "geç"};
}  // namespace

std::string AgreementSentence::text() const {
  return subject + " " + (adjective.empty() ? "" : adjective + " ") + place + " " + time + " " +
         verb + ".";
}

AgreementSentence agreement_sentence(Random& random) {
  const Pronoun person = random.pick(persons);
  const Case role = random.pick(cases);
  const std::string past = turkish::add_suffix(role.stem, turkish::past);
  return {person.word, random.pick(adjectives),
          turkish::add_suffix(random.pick(places), role.suffix), random.pick(times),
          *person.ending == '\0' ? past : turkish::add_suffix(past, person.ending)};
}

}  // namespace damla::worlds
