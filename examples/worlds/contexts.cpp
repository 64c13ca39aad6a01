#include "worlds/contexts.hpp"

#include <algorithm>

#include "worlds/turkish.hpp"

namespace damla::worlds {

ContextSource::ContextSource()
    : things{{"yemek",
              {"köfte", "börek", "pilav", "mantı", "baklava", "dolma"},
              {"yedik", "pişirdik", "tattık", "ısmarladık"},
              {"lokantada", "mutfakta", "sofrada", "düğünde"}},
             {"hayvan",
              {"kedi", "köpek", "kuş", "tavşan", "kuzu", "at"},
              {"besledik", "sevdik", "sahiplendik", "okşadık"},
              {"çiftlikte", "barınakta", "bahçede", "çayırda"}},
             {"gösteri",
              {"film", "dizi", "belgesel", "oyun", "konser", "piyes"},
              {"izledik", "seyrettik", "kaydettik", "kaçırdık"},
              {"salonda", "sahnede", "festivalde", "televizyonda"}},
             {"kitap",
              {"roman", "öykü", "şiir", "masal", "destan", "deneme"},
              {"okuduk", "bitirdik", "ezberledik", "çevirdik"},
              {"kütüphanede", "derste", "sahafta", "dergide"}},
             {"yerleşim",
              {"kent", "kasaba", "köy", "ada", "liman", "semt"},
              {"gezdik", "keşfettik", "dolaştık", "bulduk"},
              {"tatilde", "turda", "yolculukta", "baharda"}}},
      feelings{{{"övgü",
                 {"müthiş", "harika", "muhteşem", "şahane", "mükemmel", "olağanüstü"},
                 {"sevindik", "gülümsedik", "coştuk", "bayıldık", "keyiflendik", "mutluyuz"}},
                {"yergi",
                 {"berbat", "kötü", "korkunç", "rezil", "felaket", "iğrenç"},
                 {"üzüldük", "kızdık", "bıktık", "söylendik", "sıkıldık", "mutsuzuz"}}}} {}

LabelledText ContextSource::draw(Random& random) const {
  const WordGroup& thing = random.pick(things);
  const Index feeling = random.below(2);
  const WordGroup& felt = feelings[static_cast<std::size_t>(feeling)];
  const auto verb = [&](const WordGroup& group, std::size_t word) {  // its own, or any
    return random.chance(habit) ? group.verbs[word % group.verbs.size()] : random.pick(group.verbs);
  };
  const auto noun = static_cast<std::size_t>(random.below(std::ssize(thing.words)));
  const auto adjective = static_cast<std::size_t>(random.below(std::ssize(felt.words)));
  const std::string deed = verb(thing, noun), reaction = verb(felt, adjective),
                    place = random.pick(thing.places);
  const std::string what = felt.words[adjective] + " bir " + thing.words[noun] + " ";
  std::string text;
  switch (random.below(3)) {
    case 0:
      text = place + " " + what + deed + ", " + reaction + ".";
      break;
    case 1:
      text = reaction + ": " + what + deed + ".";
      break;
    default:
      text = reaction + ", çünkü " + place + " " + what + deed + ".";
      break;
  }
  return {turkish::capitalized(text), feeling == 0 ? Token(1) : Token(0)};
}

std::vector<LabelledText> ContextSource::draw(Index n, Random& random) const {
  std::vector<LabelledText> texts;
  for (Index i = 0; i < n; ++i) texts.push_back(draw(random));
  return texts;
}

const WordGroup* ContextSource::group_of(std::string_view word) const {
  const auto has = [&](const WordGroup& group) {
    return std::find(group.words.begin(), group.words.end(), word) != group.words.end();
  };
  for (const WordGroup& group : things)
    if (has(group)) return &group;
  for (const WordGroup& group : feelings)
    if (has(group)) return &group;
  return nullptr;
}

std::string text_of(const std::vector<LabelledText>& texts) {
  std::string all;
  for (const LabelledText& t : texts) all += t.text + "\n";
  return all;
}

}  // namespace damla::worlds
