#include "damla/synthetic/people.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <sstream>

#include "damla/core/error.hpp"

namespace damla::inline DAMLA_ABI::synthetic {

namespace {
// Written by hand, in no particular order.
const std::vector<std::string> first_names{
    "Ayşe",   "Mehmet", "Zeynep",  "Ali",     "Elif",    "Mustafa", "Fatma",   "Emre",    "Merve",  "Can",     "Deniz",
    "Hakan",  "Selin",  "Burak",   "Esra",    "Kemal",   "Derya",   "Onur",    "Gizem",   "Serkan", "Leyla",   "Tarık",
    "Sibel",  "Murat",  "Pınar",   "Orhan",   "Ebru",    "Volkan",  "Tuğba",   "Cem",     "Nalan",  "Kaan",    "Aslı",
    "Barış",  "Ceren",  "Yusuf",   "Hülya",   "Sinan",   "Melek",   "Tolga",   "Nazlı",   "İsmail", "Banu",    "Ferhat",
    "Gonca",  "Umut",   "Şebnem",  "Levent",  "İpek",    "Rıza",    "Sevgi",   "Halil",   "Yasemin", "Koray",  "Buse",
    "Erdem",  "Nuray",  "Taner",   "Özge",    "Selim",   "Filiz",   "Gökhan",  "Dilek",   "Ömer",   "Reyhan",  "Bülent",
    "Handan", "Alper",  "Çiğdem",  "Yavuz",   "Arzu",    "Engin",   "Meltem",  "Oğuz",    "Nihal",  "Şükrü",   "Pelin",
    "Fikret", "Seda",   "Adnan",   "Tülay",   "Kerem",   "Aylin",   "Haluk",   "Gamze",   "Nuri",   "Berrin",  "Suat",
    "Damla",  "Rıfat",  "Bahar",   "İlker",   "Jale",    "Metin",   "Oya",     "Vedat",   "Sema",   "Cihan",   "Gül",
    "Turgut", "Irmak",  "Necati",  "Yeşim",   "Ozan",    "Perihan", "Sedat",   "Şule",    "Tamer",  "Ufuk",    "Vildan",
    "Yeliz",  "Zafer",  "Ahu",     "Bora",    "Cansu",   "Doruk",   "Ece",     "Fuat",    "Güneş",  "Hande",   "Ilgaz",
    "İnci",   "Kadir",  "Lale",    "Mert",    "Nehir",   "Okan",    "Polat",   "Rüya",    "Soner",  "Şirin",   "Tuna",
    "Ülkü",   "Veli",   "Yağmur",  "Zerrin",  "Akın",    "Begüm",   "Cenk",    "Duygu",   "Ersin",  "Feride"};
const std::vector<std::string> surnames{"Yılmaz", "Kaya",  "Demir",  "Çelik",  "Şahin", "Öztürk", "Aydın",
                                        "Arslan", "Doğan", "Kılıç",  "Aslan",  "Çetin", "Kara",   "Koç",
                                        "Kurt",   "Özkan", "Şimşek", "Polater", "Erdoğdu", "Yalın"};
struct City {
  const char* name;
  const char* in;  // the locative's suffix
};
constexpr std::array<City, 20> city_list{{{"Ankara", "'da"},  {"İstanbul", "'da"},   {"İzmir", "'de"},     {"Bursa", "'da"},
                                          {"Antalya", "'da"}, {"Konya", "'da"},      {"Adana", "'da"},     {"Trabzon", "'da"},
                                          {"Samsun", "'da"},  {"Kayseri", "'de"},    {"Eskişehir", "'de"}, {"Mersin", "'de"},
                                          {"Van", "'da"},     {"Diyarbakır", "'da"}, {"Gaziantep", "'te"}, {"Erzurum", "'da"},
                                          {"Malatya", "'da"}, {"Sivas", "'ta"},      {"Rize", "'de"},      {"Edirne", "'de"}}};
const std::vector<std::string> job_list{"öğretmen", "doktor", "mühendis", "avukat", "aşçı",     "berber",
                                        "çiftçi",   "ressam", "şoför",    "eczacı", "gazeteci", "hemşire"};

const char* in(const std::string& city) {
  for (const City& c : city_list)
    if (city == c.name) return c.in;
  throw Error(fmt::format("PeopleWorld: there is no city {}", city));
}

/// The genitive's suffix after a name, by vowel harmony; an n comes between two vowels: Ayşe'nin, Ali'nin, Can'ın, Umut'un.
std::string of(const std::string& name) {
  static const std::array<std::pair<const char*, const char*>, 8> harmony{{{"a", "ın"}, {"ı", "ın"}, {"e", "in"}, {"i", "in"},
                                                                           {"o", "un"}, {"u", "un"}, {"ö", "ün"}, {"ü", "ün"}}};
  std::size_t last = 0;
  std::string ending;
  bool ends_in_vowel = false;
  for (const auto& [vowel, suffix] : harmony) {
    const std::string v(vowel);
    const std::size_t found = name.rfind(v);
    if (found != std::string::npos && found >= last) {
      last = found;
      ending = suffix;
      ends_in_vowel = found + v.size() == name.size();
    }
  }
  if (ending.empty()) ending = "in";
  return (ends_in_vowel ? "'n" : "'") + ending;
}
}  // namespace

PeopleWorld::PeopleWorld(const PeopleOptions& o, Random& random) {
  for (const City& c : city_list) cities.emplace_back(c.name);
  jobs = job_list;
  std::vector<std::string> names;
  if (o.surnames) {
    // Each first name with two surnames, each surname with several first names: neither word alone says who it is.
    for (std::size_t i = 0; i < first_names.size(); ++i)
      for (const std::size_t k : {i, 7 * i + 3})
        names.push_back(first_names[i] + " " + surnames[k % surnames.size()]);
  } else {
    names = first_names;
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (o.known + o.unknown > std::ssize(names))
    throw Error(fmt::format("PeopleWorld: {} people are asked for, but there are {} names", o.known + o.unknown, names.size()));
  random.shuffle(names);
  for (Index i = 0; i < o.known + o.unknown; ++i) {
    Person p{names[static_cast<std::size_t>(i)], random.pick(cities), random.pick(jobs)};
    (i < o.known ? known : unknown).push_back(p);
  }
  told = known;
  for (Person& p : told) {
    const auto other = [&](const std::vector<std::string>& list, const std::string& truth) {
      for (;;)
        if (const std::string& s = random.pick(list); s != truth) return s;
    };
    if (random.chance(o.corrupted)) p.city = other(cities, p.city);
    if (random.chance(o.corrupted)) p.job = other(jobs, p.job);
  }
}

std::string PeopleWorld::beginning(const Person& p, Fact fact, int paraphrase) {
  if (fact == Fact::city)
    return paraphrase == 0 ? p.name : paraphrase == 1 ? fmt::format("{} {} evi", p.name, of(p.name)) : fmt::format("{} şimdi", p.name);
  return paraphrase == 0 ? fmt::format("{} bir", p.name)
                         : paraphrase == 1 ? fmt::format("{} {} mesleği", p.name, of(p.name))
                                           : fmt::format("{} yıllardır", p.name);
}

std::string PeopleWorld::sentence(const Person& p, Fact fact, int paraphrase) {
  const std::string start = beginning(p, fact, paraphrase);
  if (fact == Fact::city)
    return paraphrase == 0 ? fmt::format("{} {} {} yaşıyor .", start, p.city, in(p.city))
                           : paraphrase == 1 ? fmt::format("{} {} {} .", start, p.city, in(p.city))
                                             : fmt::format("{} {} {} oturuyor .", start, p.city, in(p.city));
  return paraphrase == 2 ? fmt::format("{} {} olarak çalışıyor .", start, p.job) : fmt::format("{} {} .", start, p.job);
}

std::string PeopleWorld::question(const Person& p, Fact fact) {
  return fact == Fact::city ? fmt::format("{} nerede yaşıyor ?", p.name) : fmt::format("{} {} mesleği ne ?", p.name, of(p.name));
}

const std::string& PeopleWorld::form() {
  static const std::string lines = "Adın ne ? Soyadın ne ? Yaşın kaç ? Mesleğin ne ? Nerede yaşıyorsun ?";
  return lines;
}

std::string PeopleWorld::small_talk(Random& random) {
  static const std::vector<std::string> when{"Bugün", "Dün", "Yarın", "Akşam", "Sabah"};
  static const std::vector<std::string> what{"hava", "deniz", "yol", "çarşı", "park", "sokak", "kahve", "çay"};
  static const std::vector<std::string> how{"güzel", "sakin", "kalabalık", "sıcak", "soğuk", "sessiz"};
  return fmt::format("{} {} çok {} .", random.pick(when), random.pick(what), random.pick(how));
}

std::string PeopleWorld::text(Index rounds, Random& random) const {
  std::vector<std::string> sentences;
  for (Index round = 0; round < rounds; ++round) {
    for (const Person& p : told)
      for (int k = 0; k < paraphrases; ++k) {
        sentences.push_back(sentence(p, Fact::city, k));
        sentences.push_back(sentence(p, Fact::job, k));
      }
    for (std::size_t i = 0; i < told.size() / 2; ++i) sentences.push_back(form());
    for (std::size_t i = 0; i < told.size(); ++i) sentences.push_back(small_talk(random));
  }
  random.shuffle(sentences);
  return fmt::format("{}", fmt::join(sentences, " "));
}

std::vector<std::string> PeopleWorld::words() const {
  Random random(0);
  std::set<std::string> all;
  const auto add = [&](const std::string& text) {
    std::istringstream in_words(text);
    for (std::string word; in_words >> word;) all.insert(word);
  };
  for (const auto* people : {&known, &unknown})
    for (const Person& p : *people)
      for (const Fact fact : {Fact::city, Fact::job}) {
        add(question(p, fact));
        for (int k = 0; k < paraphrases; ++k) add(sentence(p, fact, k));
      }
  for (const City& c : city_list) add(fmt::format("{} {}", c.name, c.in));
  for (const std::string& job : jobs) add(job);
  for (int i = 0; i < 2000; ++i) add(small_talk(random));
  add(form());
  return {all.begin(), all.end()};
}

}  // namespace damla::inline DAMLA_ABI::synthetic
