#include "worlds/next_word.hpp"

#include <set>
#include <sstream>

#include "damla/core/error.hpp"
#include "worlds/turkish.hpp"

namespace damla::worlds {

namespace {
std::vector<std::string> split(const std::string& words) {
  std::istringstream in(words);
  std::vector<std::string> result;
  for (std::string word; in >> word;) result.push_back(word);
  return result;
}

/// Names that stand for a choice of words in a sentence, and the choice.
using Slots = std::map<std::string, Index>;

/// A sentence from one state to another, word by word; a word that is the name of a slot is chosen
/// from it.
void add_sentence(MarkovSource& source, Index from, double probability, const std::string& pattern,
                  Index to, const Slots& slots) {
  const std::vector<std::string> words = split(pattern);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Index next = i + 1 == words.size() ? to : source.state();
    const double p = i == 0 ? probability : 1;
    if (const auto slot = slots.find(words[i]); slot != slots.end())
      source.edge(from, p, slot->second, next);
    else source.edge(from, p, words[i], next);
    from = next;
  }
}

/// Words of which each is half as likely as the one before, together `mass`; and the open words
/// `rest`.
MarkovSource::Words halving(MarkovSource& source, const std::vector<std::string>& words,
                            double mass, double rest) {
  MarkovSource::Words result{{}, rest};
  double sum = 0, p = 1;
  for (std::size_t i = 0; i < words.size(); ++i, p /= 2) sum += p;
  p = mass / sum;
  for (const std::string& word : words) result.likely.emplace_back(source.word(word), p), p /= 2;
  return result;
}

struct Animal {
  const char* name;
  double share;  // of the text
  const char *places, *foods;
};
constexpr Animal animals[]{{"kedi", 0.5, "koltuk yatak halı dolap", "süt balık ciğer"},
                           {"köpek", 0.15, "bahçe kulübe kapı halı", "kemik et ekmek"},
                           {"kuş", 0.1, "dal yuva çatı balkon", "darı ekmek elma"},
                           {"tavşan", 0.1, "bahçe çalılık kutu ot", "havuç elma ot"},
                           {"ayı", 0.1, "mağara orman çalılık dere", "bal balık elma"},
                           {"zebra", 0.05, "ova gölge dere çalılık", "ot yaprak elma"}};
}  // namespace

MarkovSource next_word_source(const NextWordOptions& o) {
  if (o.vocab_size < 200 || o.vocab_size > 50000)
    throw Error("next_word_source: vocab_size is " + std::to_string(o.vocab_size) +
                ", but needs to be from 200 to 50000");
  constexpr double rare = 0.01;  // for all open words together
  const double others = 1 - o.box - o.balcony - o.zebra - rare;
  if (!(o.box >= 0 && o.balcony >= 0 && o.zebra >= 0 && others >= 0.02 - 1e-9))
    throw Error("next_word_source: box, balcony and zebra are " + std::to_string(o.box) + ", " +
                std::to_string(o.balcony) + " and " + std::to_string(o.zebra) +
                "; none may be below 0, and all together at most 0.97");

  MarkovSource source;
  std::vector<std::string> names;
  for (const Animal& animal : animals) names.push_back(animal.name);
  const Index seen = source.distribution(halving(source, names, 0.8, 0.2));
  std::vector<Index> starts, ends;  // of a sentence about each animal
  for (std::size_t a = 0; a < std::size(animals); ++a)
    starts.push_back(source.state()), ends.push_back(source.state());
  for (std::size_t a = 0; a < std::size(animals); ++a) {
    const Animal& animal = animals[a];
    MarkovSource::Words places;
    if (a == 0) {
      places = halving(source, split(animal.places), others, rare);
      places.likely.emplace_back(source.word("kutu"), o.box);
      places.likely.emplace_back(source.word("balkon"), o.balcony);
      places.likely.emplace_back(source.word("zebra"), o.zebra);
    } else {
      places = halving(source, split(animal.places), 1 - rare, rare);
    }
    const std::string plural = turkish::add_suffix(animal.name, turkish::plural);
    const Slots slots{
        {"YER", source.distribution(places)},
        {"GÖRÜLEN", seen},
        {"YEMEK", source.distribution(halving(source, split(animal.foods), 1 - rare, rare))}};
    const std::string whose = turkish::capitalized(turkish::add_suffix(plural, turkish::genitive));
    add_sentence(source, starts[a], 0.55, whose + " uyumayı sevdiği yerlerden biri YER", ends[a],
                 slots);
    add_sentence(source, starts[a], 0.15, "Onların sevdiği yerlerden biri de YER", ends[a], slots);
    add_sentence(source, starts[a], 0.15, "En sevdikleri yemek YEMEK", ends[a], slots);
    add_sentence(source, starts[a], 0.15, "Bugün yine bir GÖRÜLEN gördük", ends[a], slots);
    for (std::size_t b = 0; b < std::size(animals);
         ++b)  // a quarter of the sentences are followed by any animal
      source.edge(ends[a], 0.25 * animals[b].share + (a == b ? 0.75 : 0), ".", starts[b]);
  }
  source.finish(turkish_noun_forms(o.vocab_size - source.vocab_size()));
  return source;
}

std::vector<std::string> turkish_noun_forms(Index n) {
  static const std::vector<std::string> stems = split(
      "pencere masa köy deniz ırmak göl yol köprü okul sınıf kalem defter çanta lamba perde duvar "
      "merdiven oda salon mutfak tencere "
      "tabak kaşık bardak sofra fırın çarşı dükkân pazar meydan sokak cadde otobüs tren gemi uçak "
      "bisiklet araba yolcu bilet liman "
      "istasyon ada kıyı kum dalga rüzgâr yağmur kar armut güneş yıldız gece sabah akşam mevsim "
      "bahar yaz güz çiçek gül lale papatya "
      "çınar çam kavak tarla bağ üzüm incir zeytin kiraz limon portakal şeker tuz biber çorba "
      "pilav börek helva çay kahve "
      "masal şiir roman dergi gazete haber müzik şarkı türkü saz davul kemençe oyun top takım maç "
      "kale soru öğrenci öğretmen "
      "doktor hemşire çiftçi balıkçı terzi berber marangoz ressam yazar komşu arkadaş kardeş anne "
      "baba dede nine çocuk bebek "
      "sandalye yastık yorgan ayna saksı kova ip iğne düğme ceket gömlek ayakkabı eldiven şapka "
      "bekçi postacı kaptan pilot garson aşçı köylü kentli kale kule saray müze tiyatro sinema "
      "sahne bavul "
      "battaniye kilim çarşaf tepsi");
  static const std::vector<std::string> all = [] {
    constexpr const char* owners[]{"", "(I)m", "(I)n", "(s)I", "(I)mIz", "(I)nIz"};
    constexpr const char* cases[]{"", "(y)I", "(y)A", "DA", "DAn", "(n)In", "(y)lA"};
    constexpr const char* cases_of_his[]{"", "nI", "nA", "nDA", "nDAn", "nIn", "(y)lA"};
    constexpr const char* ends[]{"", "(y)DI", "(y)mIş", "(y)sA", "(y)ken"};
    std::vector<std::string> forms;
    std::set<std::string> known;
    for (const std::string& stem : stems)
      for (const char* number : {"", "lAr"})
        for (const char* owner : owners)
          for (std::size_t c = 0; c < std::size(cases); ++c)
            for (const char* end : ends) {
              std::string form = stem;
              for (const char* suffix :
                   {number, owner, std::string_view(owner) == "(s)I" ? cases_of_his[c] : cases[c],
                    end})
                if (*suffix != '\0') form = turkish::add_suffix(form, suffix);
              if (known.insert(form).second) forms.push_back(form);
            }
    Random order(1);
    order.shuffle(forms);
    return forms;
  }();
  if (n < 0 || n > std::ssize(all))
    throw Error("turkish_noun_forms: n is " + std::to_string(n) + ", but there are " +
                std::to_string(all.size()) + " forms");
  return {all.begin(), all.begin() + n};
}

FiveKinds five_kinds_source() {
  struct Kind {
    std::vector<std::map<std::string, std::string>> things;  // the slots of each
    std::vector<std::string> sentences;
  };
  const std::array<Kind, 5> kinds{
      {{{{{"BAŞ", "Kedi"}, {"AD", "kedi"}, {"YER", "kutuda koltukta yatakta"}},
         {{"BAŞ", "Köpek"}, {"AD", "köpek"}, {"YER", "bahçede kulübede kapıda"}},
         {{"BAŞ", "Kuş"}, {"AD", "kuş"}, {"YER", "dalda yuvada çatıda"}}},
        {"BAŞ bütün gün YER uyur .", "Orada bir AD var .", "Akşamları da YER oturur .",
         "Bugün yine YER ."}},
       {{{{"NAME", "cat"}, {"PLACE", "box chair bed"}},
         {{"NAME", "dog"}, {"PLACE", "garden kennel hall"}},
         {{"NAME", "bird"}, {"PLACE", "tree nest cage"}}},
        {"The NAME sleeps in the PLACE all day .", "There is a NAME .",
         "It likes to sit in the PLACE .", "Today it is in the PLACE ."}},
       {{{{"DIE", "Die"},
          {"EINE", "eine"},
          {"SIE", "Sie"},
          {"NAME", "Katze"},
          {"ORT", "Karton Sessel Bett"}},
         {{"DIE", "Der"},
          {"EINE", "ein"},
          {"SIE", "Er"},
          {"NAME", "Hund"},
          {"ORT", "Garten Korb Flur"}},
         {{"DIE", "Das"},
          {"EINE", "ein"},
          {"SIE", "Es"},
          {"NAME", "Pferd"},
          {"ORT", "Stall Heu Wald"}}},
        {"DIE NAME schläft den ganzen Tag im ORT .", "Dort ist EINE NAME .",
         "SIE sitzt auch gern im ORT ."}},
       {{{{"X", "x"}, {"N", "3"}, {"2N", "6"}, {"NN", "9"}},
         {{"X", "y"}, {"N", "5"}, {"2N", "10"}, {"NN", "25"}},
         {{"X", "z"}, {"N", "7"}, {"2N", "14"}, {"NN", "49"}}},
        {"( X + N ) ^ 2 = X ^ 2 + 2N X + NN ,", "( X - N ) ^ 2 = X ^ 2 - 2N X + NN ,",
         "sin ( X ) ^ 2 + cos ( X ) ^ 2 = 1 ,", "∫ 2N X dX = N X ^ 2 ,"}},
       {{{{"V", "i"}, {"++V", "++i"}, {"F", "print"}, {"N", "10 20 40"}},
         {{"V", "row"}, {"++V", "++row"}, {"F", "draw"}, {"N", "8 16 32"}},
         {{"V", "day"}, {"++V", "++day"}, {"F", "open"}, {"N", "7 30 365"}}},
        {"for ( int V = 0 ; V < N ; ++V ) F ( V ) ;", "if ( V == N ) return ;", "F ( V - 1 ) ;",
         "assert ( V < N ) ;"}}}};

  FiveKinds result;
  MarkovSource& source = result.source;
  std::vector<Index> starts;  // of a document about each thing of each kind
  for (std::size_t k = 0; k < kinds.size(); ++k)
    for (std::size_t t = 0; t < kinds[k].things.size(); ++t)
      starts.push_back(source.state()), result.kind.push_back(k);
  std::size_t document = 0;
  for (std::size_t k = 0; k < kinds.size(); ++k)
    for (const auto& thing : kinds[k].things) {
      const Index start = starts[document++];
      Slots slots;
      for (const auto& [name, words] : thing)
        slots[name] = source.distribution(halving(source, split(words), 1, 0));
      if (slots.contains("X"))
        slots["dX"] = source.distribution({{{source.word("d" + thing.at("X")), 1.0}}, 0});
      const double each = 1 / static_cast<double>(kinds[k].sentences.size());
      for (const std::string& sentence : kinds[k].sentences) {
        const std::size_t last = sentence.rfind(' ');
        const Index end = source.state();
        add_sentence(source, start, each, sentence.substr(0, last), end, slots);
        for (const Index next : starts)  // one sentence in six is the last of its document
          source.edge(end,
                      1.0 / 6 / static_cast<double>(starts.size()) + (next == start ? 5.0 / 6 : 0),
                      sentence.substr(last + 1), next);
        result.kind.resize(source.states.size(), k);
      }
    }
  source.finish({});
  return result;
}

}  // namespace damla::worlds
