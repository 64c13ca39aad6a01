#include "worlds/places.hpp"

#include "worlds/turkish.hpp"

namespace damla::worlds {

PlaceSource::PlaceSource()
    : places{{"ev", {"aile", "sofra", "misafir"}},
             {"okul", {"öğretmen", "öğrenci", "sınav"}},
             {"hastane", {"doktor", "hemşire", "ilaç"}},
             {"market", {"kasiyer", "indirim", "reyon"}},
             {"sinema", {"film", "bilet", "perde"}},
             {"stadyum", {"taraftar", "hakem", "maç"}},
             {"müze", {"heykel", "tablo", "sergi"}},
             {"otel", {"resepsiyon", "valiz", "turist"}},
             {"lokanta", {"garson", "çorba", "menü"}},
             {"park", {"salıncak", "bank", "çocuk"}},
             {"orman", {"ağaç", "sincap", "mantar"}},
             {"plaj", {"kum", "şemsiye", "dalga"}},
             {"istasyon", {"tren", "peron", "makinist"}},
             {"liman", {"gemi", "vinç", "denizci"}},
             {"çiftlik", {"traktör", "inek", "ahır"}},
             {"kütüphane", {"kitap", "raf", "sözlük"}},
             {"fırın", {"ekmek", "simit", "un"}},
             {"banka", {"gişe", "kredi", "veznedar"}},
             {"fabrika", {"işçi", "makine", "vardiya"}},
             {"mahkeme", {"yargıç", "avukat", "dava"}},
             {"cami", {"imam", "minare", "cemaat"}},
             {"köy", {"muhtar", "çeşme", "tarla"}},
             {"kışla", {"asker", "komutan", "nöbet"}},
             {"pastane", {"kek", "kurabiye", "vitrin"}}},
      inflections{{"bare / yalın", "", {"kalabalıktı", "sakindi", "güzeldi", "uzaktı"}},
                  {"plural / çoğul",
                   std::string(turkish::plural),
                   {"çoğaldı", "azaldı", "yenilendi", "birleşti"}},
                  {"accusative, -i / belirtme, -i",
                   std::string(turkish::accusative),
                   {"gezdik", "gördük", "özledik", "aradık"}},
                  {"dative, -e / yönelme, -e",
                   std::string(turkish::dative),
                   {"gittik", "vardık", "koştuk", "yürüdük"}},
                  {"locative, -de / bulunma, -de",
                   std::string(turkish::locative),
                   {"kaldık", "bekledik", "oturduk", "buluştuk"}},
                  {"ablative, -den / ayrılma, -den",
                   std::string(turkish::ablative),
                   {"çıktık", "ayrıldık", "döndük", "kaçtık"}}} {}

std::string PlaceSource::form(const Place& place, const Inflection& inflection) const {
  return inflection.suffix.empty() ? place.noun
                                   : turkish::add_suffix(place.noun, inflection.suffix);
}

std::string PlaceSource::draw(Random& random) const {
  const Place& place = random.pick(places);
  const Inflection& inflection = random.pick(inflections);
  const auto& verbs = (verbs_fit ? inflection : random.pick(inflections)).verbs;
  const std::string deed = form(place, inflection) + " " + random.pick(verbs);
  const char* there = random.chance(0.5) ? " vardı" : " yoktu";
  const std::string seen = random.pick(place.company) + there;
  return random.chance(0.5) ? deed + ", " + seen + "." : seen + ", " + deed + ".";
}

}  // namespace damla::worlds
