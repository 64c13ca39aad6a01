#include "worlds/teams.hpp"

#include "worlds/turkish.hpp"

namespace damla::worlds {

CupWorld::CupWorld(Random& random) {
  // Written by hand.
  const std::vector<std::string> cup_winners{"Ak",  "Kara", "Dağ", "Göl", "Yel", "Taş",  "Ova",
                                             "Sel", "Kum",  "Çam", "Bağ", "Su",  "Gün",  "Ay",
                                             "Kar", "Buz",  "Er",  "Yol", "Köy", "Demir"};
  const std::vector<std::string> champions{
      "Boz",   "Mavi",   "Yeşil", "Altın", "Gümüş", "Bakır", "Çelik", "Deniz", "Irmak", "Orman",
      "Şafak", "Yıldız", "Kaya",  "Tepe",  "Liman", "Kale",  "Kule",  "Köprü", "Pınar", "Bahar"};
  const std::vector<std::string> endings{" Spor", " Gücü", " Birliği", " Yurdu", " Ocağı"};
  std::vector<std::string> won, led;
  for (const std::string& ending : endings) {
    for (const std::string& name : cup_winners) won.push_back(name + ending);
    for (const std::string& name : champions) led.push_back(name + ending);
  }
  random.shuffle(won), random.shuffle(led);
  for (std::size_t i = 0; i < won.size(); ++i)
    years.push_back({won[i], std::to_string(1924 + i), led[i]});
  random.shuffle(years);
}

std::string CupWorld::question(const CupYear& y) {
  return turkish::add_suffix_to_name(y.team, turkish::genitive) +
         " kupayı aldığı yıl kim şampiyon oldu?";
}

}  // namespace damla::worlds
