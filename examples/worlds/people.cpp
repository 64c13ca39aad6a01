#include "worlds/people.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "damla/core/error.hpp"
#include "worlds/turkish.hpp"

namespace damla::worlds {

namespace {
// Written by hand, in no particular order. Without Damla, the model's own name, and Metin, which
// also stands before a passage.
const std::vector<std::string> first_names{
    "Ayşe",   "Mehmet", "Zeynep", "Ali",    "Elif",  "Mustafa", "Fatma", "Emre",    "Merve",
    "Can",    "Deniz",  "Hakan",  "Selin",  "Burak", "Esra",    "Kenan", "Derya",   "Onur",
    "Gizem",  "Serkan", "Leyla",  "Tarık",  "Sibel", "Murat",   "Pınar", "Orhan",   "Ebru",
    "Volkan", "Tuğba",  "Cem",    "Nalan",  "Kaan",  "Aslı",    "Barış", "Ceren",   "Yusuf",
    "Hülya",  "Sinan",  "Melek",  "Tolga",  "Nazlı", "İsmail",  "Banu",  "Ferhat",  "Gonca",
    "Umut",   "Şebnem", "Levent", "İpek",   "Rıza",  "Sevgi",   "Halil", "Yasemin", "Koray",
    "Buse",   "Erdem",  "Nuray",  "Taner",  "Özge",  "Selim",   "Filiz", "Gökhan",  "Dilek",
    "Ömer",   "Reyhan", "Bülent", "Handan", "Alper", "Çiğdem",  "Yavuz", "Arzu",    "Engin",
    "Meltem", "Oğuz",   "Nihan",  "Şükrü",  "Pelin", "Fikret",  "Seda",  "Adnan",   "Tülay",
    "Kerem",  "Aylin",  "Haluk",  "Gamze",  "Nuri",  "Berrin",  "Suat",  "Nermin",  "Rıfat",
    "Bahar",  "İlker",  "Jale",   "Tayfun", "Oya",   "Vedat",   "Sema",  "Cihan",   "Gül",
    "Turgut", "Irmak",  "Necati", "Yeşim",  "Ozan",  "Perihan", "Sedat", "Şule",    "Tamer",
    "Ufuk",   "Vildan", "Yeliz",  "Zafer",  "Ahu",   "Bora",    "Cansu", "Doruk",   "Ece",
    "Fuat",   "Güneş",  "Hande",  "Ilgaz",  "İnci",  "Kadir",   "Lale",  "Mert",    "Nehir",
    "Okan",   "Polat",  "Rüya",   "Soner",  "Şirin", "Tuna",    "Ülkü",  "Veli",    "Yağmur",
    "Zerrin", "Akın",   "Begüm",  "Cenk",   "Duygu", "Ersin",   "Feride"};
const std::vector<std::string> surnames{
    "Yılmaz", "Kaya",  "Demir", "Çelik", "Şahin", "Öztürk", "Aydın",  "Arslan", "Doğan",   "Kılıç",
    "Aslan",  "Çetin", "Kara",  "Koç",   "Kurt",  "Özkan",  "Şimşek", "Polat",  "Erdoğan", "Yalın"};
const std::vector<std::string> city_list{"Ankara", "İstanbul",   "İzmir",     "Bursa",   "Antalya",
                                         "Konya",  "Adana",      "Trabzon",   "Samsun",  "Kayseri",
                                         "Mersin", "Diyarbakır", "Gaziantep", "Erzurum", "Malatya",
                                         "Sivas",  "Eskişehir",  "Rize",      "Edirne",  "Van"};
const std::vector<std::string> job_list{"öğretmen", "doktor", "mühendis", "avukat",
                                        "aşçı",     "berber", "çiftçi",   "ressam",
                                        "şoför",    "eczacı", "gazeteci", "hemşire"};

const std::vector<std::string> times{"Bugün", "Dışarıda", "Yarın", "Akşam", "Sabah"};
const std::vector<std::string> things{"hava", "deniz", "yol",   "çarşı",
                                      "park", "sokak", "kahve", "çay"};
const std::vector<std::string> moods{"neşeli",  "yorgun",  "sakin",     "sessiz",
                                     "keyifli", "dalgın",  "telaşlı",   "uykulu",
                                     "meraklı", "kararlı", "düşünceli", "şakacı"};
const std::vector<std::string> qualities{"güzel", "sakin", "kalabalık", "sıcak", "soğuk", "sessiz"};

std::string in(const std::string& city) {
  return turkish::add_suffix_to_name(city, turkish::locative);
}

/// "Ayşe'nin", "Ayşe Yılmaz'ın"
std::string of(const std::string& name) {
  const std::size_t space = name.rfind(' ');
  const std::string first = space == std::string::npos ? "" : name.substr(0, space + 1);
  return first + turkish::add_suffix_to_name(name.substr(first.size()), turkish::genitive);
}
}  // namespace

PeopleWorld::PeopleWorld(const PeopleOptions& o, Random& random) : mentioned(o.mentioned) {
  cities = city_list;
  jobs = job_list;
  std::vector<std::string> names;
  if (o.surnames) {
    // Few first names and few surnames in all their combinations: neither word says who it is, nor
    // whether somebody is known.
    for (std::size_t i = 0; i < 20; ++i)
      for (std::size_t k = 0; k < 20; ++k) names.push_back(first_names[i] + " " + surnames[k]);
  } else {
    names = first_names;
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (o.known + o.unknown > std::ssize(names))
    throw Error(fmt::format("PeopleWorld: {} people are asked for, but there are {} names",
                            o.known + o.unknown, names.size()));
  random.shuffle(names);
  for (Index i = 0; i < o.known + o.unknown; ++i) {
    Person p{names[static_cast<std::size_t>(i)], random.pick(cities), random.pick(jobs),
             random.pick(moods)};
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
    return paraphrase == 0   ? p.name + " uzun süredir"
           : paraphrase == 1 ? of(p.name) + " evi"
                             : p.name + " şimdi";
  return paraphrase == 0   ? p.name + " bir"
         : paraphrase == 1 ? of(p.name) + " mesleği"
                           : p.name + " yıllardır";
}

std::string PeopleWorld::sentence(const Person& p, Fact fact, int paraphrase) {
  const std::string start = beginning(p, fact, paraphrase) + " ";
  if (fact == Fact::job) return start + p.job + (paraphrase == 2 ? " olarak çalışıyor." : ".");
  return start + in(p.city) +
         (paraphrase == 0   ? " yaşıyor."
          : paraphrase == 1 ? "."
                            : " oturuyor.");
}

std::string PeopleWorld::question(const Person& p, Fact fact) {
  return fact == Fact::city ? p.name + " nerede yaşıyor?" : of(p.name) + " mesleği ne?";
}

const std::string& PeopleWorld::form() {
  static const std::string lines =
      "Adın ne? Soyadın ne? Yaşın kaç? Mesleğin ne? Nerede yaşıyorsun?";
  return lines;
}

std::string PeopleWorld::small_talk(Random& random) {
  // One after the other: in which order a call's arguments are drawn is the compiler's choice.
  const std::string &quality = random.pick(qualities), &thing = random.pick(things),
                    &time = random.pick(times);
  return fmt::format("{} {} çok {}.", time, thing, quality);
}

std::string PeopleWorld::mood(const Person& p) { return p.name + " hep " + p.mood + "."; }

std::vector<std::string> PeopleWorld::sentences(Index rounds, Random& random) const {
  std::vector<std::string> all;
  for (Index round = 0; round < rounds; ++round) {
    for (const Person& p : told)
      for (int k = 0; k < paraphrases; ++k) {
        all.push_back(sentence(p, Fact::city, k));
        all.push_back(sentence(p, Fact::job, k));
      }
    for (std::size_t i = 0; i < told.size() / 2; ++i) all.push_back(form());
    for (std::size_t i = 0; i < told.size(); ++i) all.push_back(small_talk(random));
    for (int twice = 0; twice < 2; ++twice) {
      for (const Person& p : known) all.push_back(mood(p));
      for (const Person& p : unknown)
        if (mentioned) all.push_back(mood(p));
    }
  }
  return all;
}

const std::string& PeopleWorld::chat_words() {
  static const std::string words =
      "Benim adım Damla. Bilmiyorum. Elbette efendim, rica ederim! Sana ne, be! Metin: göre";
  return words;
}

std::string PeopleWorld::every_word() const {
  std::vector<std::string> all{form(), chat_words()};
  for (const auto* people : {&known, &unknown, &told})
    for (const Person& p : *people)
      for (const Fact fact : {Fact::city, Fact::job}) {
        all.push_back(question(p, fact));
        for (int k = 0; k < paraphrases; ++k) all.push_back(sentence(p, fact, k));
      }
  for (const std::string& city : cities) all.push_back(in(city));
  for (const std::string& job : jobs) all.push_back(job);
  for (const auto* list : {&times, &things, &qualities, &moods})
    for (const std::string& word : *list) all.push_back(word);
  all.push_back("çok hep");
  return fmt::format("{}", fmt::join(all, " "));
}

}  // namespace damla::worlds
