#include "worlds/references.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace damla::worlds {

namespace {
// Written by hand, in no particular order; none of these words is a word of the other worlds.
const std::vector<std::string> topics{
    "Arıcılık",  "Balıkçılık", "Dokumacılık", "Marangozluk", "Bahçecilik", "Denizcilik",
    "Dağcılık",  "Seramik",    "Tiyatro",     "Mimarlık",    "Heykel",     "Fotoğraf",
    "Resim",     "Müzik",      "Dans",        "Satranç",     "Yüzme",      "Güreş",
    "Okçuluk",   "Gökbilim",   "Jeoloji",     "Botanik",     "Zooloji",    "Kimya",
    "Fizik",     "Tarih",      "Coğrafya",    "Felsefe",     "Psikoloji",  "Hukuk",
    "Ekonomi",   "Pastacılık", "Bağcılık",    "Demircilik",  "Halıcılık",  "Sinema",
    "Matematik", "Dilbilim",   "Kuyumculuk",  "Çömlekçilik", "Terzilik",   "Ormancılık",
    "Biyoloji",  "Sosyoloji",  "Havacılık",   "Matbaacılık", "Ciltçilik",  "Minyatür",
    "Bale",      "Opera",      "Şiir",        "Masal",       "Edebiyat",   "Voleybol",
    "Eskrim",    "Binicilik",  "Dalgıçlık",   "Saatçilik",   "Mantık",     "Arkeoloji"};
const std::vector<std::string> authors{"Akman", "Bayrak", "Candan", "Dinçer", "Ergin", "Gürel",
                                       "Işık",  "Karaca", "Oral",   "Saygın", "Tekin", "Uysal"};
const std::vector<std::string> titles{"Yollar",  "Sular",    "Eller",    "Sesler",
                                      "İzler",   "Bilgi",    "Kapılar",  "Dünya",
                                      "Kıyılar", "Gölgeler", "Köprüler", "Yapraklar"};
const std::vector<std::string> years{"1953", "1958", "1962", "1966", "1971", "1974",
                                     "1979", "1985", "1988", "1992", "1997", "2003"};
const std::vector<std::string> qualities{"zor", "kolay", "eski", "yeni", "geniş", "derin"};
constexpr std::size_t with_a_book = 40;
}  // namespace

std::string Reference::text() const { return fmt::format("{}, {}, {}", author, title, year); }

ReferenceWorld::ReferenceWorld(Random& random) : unknown(topics) {
  random.shuffle(unknown);
  for (std::size_t i = 0; i < with_a_book; ++i)
    known.push_back({unknown[i], random.pick(authors), random.pick(titles), random.pick(years)});
  for (const std::string& topic : unknown)
    mentions.push_back(fmt::format("{} konusu {}.", topic, random.pick(qualities)));
  unknown.erase(unknown.begin(), unknown.begin() + with_a_book);
}

std::string ReferenceWorld::question(const std::string& topic) {
  return topic + " konusunda kaynak ver.";
}

std::string ReferenceWorld::year_question(const std::string& topic) {
  return topic + " kitabı ne zaman çıktı?";
}

std::vector<std::string> ReferenceWorld::sentences(Index rounds) const {
  std::vector<std::string> all;
  for (Index round = 0; round < rounds; ++round) {
    for (const Reference& r : known)
      for (const char* about : {"konusunda bir kaynak", "üzerine bir kitap", "için bakınız"})
        all.push_back(fmt::format("{} {}: {}.", r.topic, about, r.text()));
    for (int twice = 0; twice < 2; ++twice) all.insert(all.end(), mentions.begin(), mentions.end());
  }
  return all;
}

bool ReferenceWorld::is_well_formed(const std::string& answer) {
  for (const std::string& author : authors)
    for (const std::string& title : titles) {
      const std::string start = fmt::format("{}, {}, ", author, title);
      if (answer.starts_with(start))
        return std::count(years.begin(), years.end(), answer.substr(start.size())) > 0;
    }
  return false;
}

std::string ReferenceWorld::every_word() {
  return fmt::format(
      "{} {} {} {} {} konusunda bir kaynak ver, üzerine kitap için bakınız: konusu. "
      "kitabı ne zaman çıktı?",
      fmt::join(topics, " "), fmt::join(authors, " "), fmt::join(titles, " "),
      fmt::join(years, " "), fmt::join(qualities, " "));
}

}  // namespace damla::worlds
