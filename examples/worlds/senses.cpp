#include "worlds/senses.hpp"

namespace damla::worlds {

namespace {
struct Sense {
  std::array<const char*, 8> places;  // in the last three "yüz" is held out
  std::array<const char*, 4> words;   // "yüz" and what can stand in its place
  std::array<const char*, 3> rests;
};
const std::array<Sense, 3> senses{
    {{{"Tahtada", "Atölyede", "Sınıfta", "Defterde", "Duvarda", "Kursta", "Tuvalde", "Stüdyoda"},
      {"yüz", "el", "göz", "burun"},
      {"çizdik.", "boyadık.", "inceledik."}},
     {{"Bankada", "Kasada", "Pazarda", "Markette", "Gişede", "Postanede", "Dükkânda", "Kantinde"},
      {"yüz", "elli", "altmış", "doksan"},
      {"lira saydık.", "lira ödedik.", "lira bıraktık."}},
     {{"Denizde", "Havuzda", "Gölde", "Kumsalda", "Koyda", "Tatilde", "Irmakta", "Kıyıda"},
      {"yüz", "dal", "oyna", "gez"},
      {"ve dinlen.", "ve eğlen.", "ve güçlen."}}}};
const std::array<const char*, 6> times{"bugün",     "her gün", "her sabah",
                                       "her akşam", "yine",    "hafta sonu"};
}  // namespace

std::vector<SenseSentence> sense_sentences() {
  std::vector<SenseSentence> all;
  for (std::size_t s = 0; s < senses.size(); ++s)
    for (std::size_t p = 0; p < senses[s].places.size(); ++p)
      for (const char* time : times)
        for (std::size_t w = 0; w < senses[s].words.size(); ++w)
          for (const char* rest : senses[s].rests)
            all.push_back({static_cast<Index>(s), std::string(senses[s].places[p]) + " " + time,
                           senses[s].words[w], rest, w == 0 && p >= 5});
  return all;
}

}  // namespace damla::worlds
