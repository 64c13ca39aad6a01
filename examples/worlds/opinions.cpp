#include <algorithm>
#include <set>

#include "damla/core/error.hpp"
#include "worlds/irony.hpp"
#include "worlds/turkish.hpp"

namespace damla::worlds {
namespace {

using Words = std::vector<std::string>;

// What an opinion can be of, and what such a thing can be called.
struct Topic {
  Words subjects, nouns, positive, negative;
};

const std::vector<Topic>& topics() {
  static const std::vector<Topic> all{
      {{"Gençlerbirliği", "Ankaragücü", "Göztepe", "Altay", "Karşıyaka", "Trabzonspor", "Bursaspor",
        "Adanaspor", "mahallemizin takımı", "okulumuzun takımı"},
       {"spor kulübü", "takım", "ekip", "topluluk"},
       {"başarılı", "sevimli"},
       {"başarısız", "isteksiz"}},
      {{"bu film", "dün izlediğimiz film", "yönetmenin son filmi", "festivalde gördüğümüz belgesel",
        "yeni dizi"},
       {"yapım", "eser", "hikâye", "deneyim"},
       {"sürükleyici", "etkileyici"},
       {"sıkıcı", "yorucu"}},
      {{"bu roman", "yazarın yeni kitabı", "elimdeki öykü kitabı", "kütüphaneden aldığım kitap",
        "bu şiir kitabı"},
       {"eser", "kitap", "çalışma", "metin"},
       {"sürükleyici", "etkileyici"},
       {"sıkıcı", "yorucu"}},
      {{"köşedeki lokanta", "bu kahvaltı salonu", "sahildeki çay bahçesi", "arkadaşımın fırını",
        "yeni açılan pastane"},
       {"yer", "mekân", "işletme", "dükkân"},
       {"samimi", "temiz"},
       {"pahalı", "gürültülü"}},
      {{"İzmir", "Eskişehir", "Mardin", "Rize", "Amasya", "Çanakkale", "Muğla", "Kars"},
       {"şehir", "yer", "kent", "durak"},
       {"huzurlu", "sakin"},
       {"kalabalık", "gürültülü"}}};
  return all;
}

std::string opinion(bool positive, Random& random) {
  static const Words doubts{"bence", "gerçekten", "doğrusu", "kesinlikle", "bana göre"};
  const Topic& topic = random.pick(topics());
  const std::string subject = random.pick(topic.subjects), noun = random.pick(topic.nouns);
  const Words& general = positive ? positive_adjectives() : negative_adjectives();
  const Words& own = positive ? topic.positive : topic.negative;
  const std::string adjective = random.chance(0.7) ? random.pick(general) : random.pick(own);
  const std::string thing = adjective + " bir " + turkish::add_suffix(noun, turkish::copula);
  switch (random.below(5)) {
    case 0:
      return turkish::capitalized(subject + " " + thing + ".");
    case 1:
      return turkish::capitalized(subject + " " + random.pick(doubts) + " " + thing + ".");
    case 2:
      return turkish::capitalized(subject + " " + random.pick(doubts) + " " + adjective + ".");
    case 3:
      return "Kim ne derse desin, " + subject + " " + thing + ".";
    default:
      return turkish::capitalized(subject + ": ne kadar " + adjective + " bir " + noun + "!");
  }
}

// The four texts of a block.
using Block = std::array<LabelledText, 4>;

struct Filler {
  std::string opener, time, team, adjective, other_adjective, goal;
};

Filler draw_filler(Random& random) {
  static const Words openers{
      "", "", "", "vay be,", "bakın,", "inanmayacaksınız ama", "radyo söyledi:", "yine"};
  static const Words times{"dün",     "bugün",    "ilk yarıda",    "son dakikada",
                           "derbide", "uzatmada", "maçın başında", "kupa maçında"};
  static const Words teams{"takım", "ekip", "kulüp"};
  static const Words goals{"gol", "penaltı golü", "kafa golü", "frikik golü"};
  Filler f;
  f.opener = random.pick(openers), f.time = random.pick(times), f.team = random.pick(teams),
  f.goal = random.pick(goals);
  f.adjective = random.pick(positive_adjectives()),
  f.other_adjective = random.pick(positive_adjectives());
  return f;
}

std::string sentence(const std::string& opener, const std::string& rest) {
  return turkish::capitalized(opener.empty() ? rest : opener + " " + rest);
}

Block make_block(Irony kind, Random& random) {
  const Filler f = draw_filler(random);
  const std::string bad = random.pick(negative_adjectives());
  static const Words matches{"maç oynadı", "oyun çıkardı", "sonuç aldı", "mücadele verdi"};
  const std::string match = random.pick(matches);
  Block block;
  for (std::size_t i = 0; i < block.size(); ++i) {
    const bool a = i % 2 == 0, b = i / 2 == 0;
    const std::string side = a ? "bizim " : "rakip ", other = a ? "rakip " : "bizim ";
    LabelledText& text = block[i];
    switch (kind) {
      case Irony::plain:
        text.text =
            sentence(f.opener, "bizim " + f.team + " " + f.time + " " + (a ? f.adjective : bad) +
                                   " bir " + match + (b ? "." : "!"));
        text.label = a;
        break;
      case Irony::giveaway:
        text.text = sentence(f.opener, f.time + " ne " + f.adjective + " bir " + f.goal +
                                           (a ? " attık" : " yedik") + (b ? "!" : "."));
        text.label = a;
        break;
      case Irony::cheer:
        text.text = sentence(f.opener, side + f.team + " " + f.time + " ne " + f.adjective +
                                           " bir " + f.goal + (b ? " attı!" : " yedi!"));
        text.label = a == b;
        break;
      case Irony::order:
        text.text = sentence(f.opener, f.time + " " + side + f.team + " " + f.adjective + " bir " +
                                           f.goal + (b ? " attı, " : " yedi, ") + other + f.team +
                                           " ise " + f.other_adjective + " bir " + f.goal +
                                           (b ? " yedi." : " attı."));
        text.label = a == b;
        break;
    }
  }
  return block;
}

}  // namespace

const Words& positive_adjectives() {
  static const Words words{"müthiş", "harika",     "muhteşem", "mükemmel",
                           "şahane", "olağanüstü", "güzel",    "eşsiz"};
  return words;
}
const Words& negative_adjectives() {
  static const Words words{"berbat",  "kötü",  "korkunç", "vasat",
                           "felaket", "rezil", "zayıf",   "tatsız"};
  return words;
}

LabelledText SentimentSource::draw(Random& random) const {
  require(flipped >= 0 && flipped < 1, "SentimentSource::draw: flipped needs to be in [0, 1)");
  const bool positive = random.chance(0.5);
  return {opinion(positive, random), positive != random.chance(flipped)};
}

std::vector<LabelledText> SentimentSource::draw(Index n, Random& random) const {
  std::vector<LabelledText> texts;
  for (Index i = 0; i < n; ++i) texts.push_back(draw(random));
  return texts;
}

std::vector<LabelledText> irony_texts(Irony kind, Index n, Random& random) {
  if (n < 0 || n % 4 != 0)
    throw Error("irony_texts: n is " + std::to_string(n) +
                ", but texts come in blocks of 4: use a multiple of 4");
  std::vector<LabelledText> texts;
  std::set<std::string> seen;
  for (Index misses = 0; std::ssize(texts) < n;) {
    const Block block = make_block(kind, random);
    if (std::any_of(block.begin(), block.end(),
                    [&](const LabelledText& text) { return seen.contains(text.text); })) {
      if (++misses > 100000)
        throw Error("irony_texts: there are fewer than " + std::to_string(n) +
                    " different texts; ask for less");
      continue;
    }
    for (const LabelledText& text : block) {
      seen.insert(text.text);
      texts.push_back(text);
    }
  }
  return texts;
}

}  // namespace damla::worlds
