#include "worlds/reviews.hpp"

#include <map>

#include "damla/core/error.hpp"
#include "damla/text/unicode.hpp"
#include "worlds/turkish.hpp"

namespace damla::worlds {
namespace {

using Words = std::vector<std::string>;
using turkish::add_suffix;

const Words things{"otel",  "oda",     "yemek", "servis", "garson",  "fiyat", "ürün",    "paket",
                   "kargo", "telefon", "ekran", "film",   "oyuncu",  "sahne", "senaryo", "müzik",
                   "kitap", "yazar",   "bölüm", "dizi",   "lokanta", "tatlı", "kahve",   "mekân",
                   "masa",  "plaj",    "havuz", "gezi",   "rehber",  "uçak",  "koltuk",  "bilet"};
const Words liking{"beğen", "sev", "bayıl", "eğlen", "öner", "hoşlan", "güven", "sevin"};
const Words disliking{"sıkıl", "bık", "üzül", "yorul", "kız", "bunal", "utan", "aldan"};
const Words good{"güzel", "lezzetli", "temiz", "hızlı", "keyifli",  "başarılı",
                 "rahat", "sağlam",   "taze",  "nazik", "kaliteli", "ferah"};
const Words bad{"kötü",     "lezzetsiz", "pis",   "yavaş", "keyifsiz",  "başarısız",
                "rahatsız", "çürük",     "bayat", "kaba",  "kalitesiz", "boğucu"};
const Words fillers{"yine", "bu sefer", "geçen hafta", "arkadaşlarla", "ailecek",
                    "dün",  "bence",    "gerçekten",   "hiç",          "açıkçası"};

/// otellerinizden: a noun with up to three suffixes.
std::string noun(Random& random) {
  static const Words owners{"(I)m", "(I)n", "(s)I", "(I)mIz", "(I)nIz"};
  static const Words cases{"DA", "DAn", "(n)In"};
  std::string word = random.pick(things);
  if (random.chance(0.4)) word = add_suffix(word, turkish::plural);
  const std::string owner = random.pick(owners);
  if (random.chance(0.6)) {
    word = add_suffix(word, owner);
    if (random.chance(0.7))
      word = add_suffix(
          word, owner == "(s)I" ? random.pick(Words{"nDA", "nDAn", "nIn"}) : random.pick(cases));
  }
  return word;
}

/// beğenmeyeceğiz: a verb with or without negation, its tense, its person.
std::string verb(bool praise, Random& random) {
  const bool negated = random.chance(0.5);
  std::string word = random.pick(praise != negated ? liking : disliking);
  if (negated) word = add_suffix(word, "mA");
  switch (random.below(4)) {
    case 0:
      return add_suffix(add_suffix(word, "DI"), random.pick(Words{"m", "k", "nIz", "lAr"}));
    case 1:
      return add_suffix(add_suffix(word, "mIş"), random.pick(Words{"Im", "Iz", "sInIz", "lAr"}));
    case 2:
      return add_suffix(add_suffix(word, "Iyor"), random.pick(Words{"Im", "Iz", "sInIz", "lAr"}));
    default:
      return add_suffix(add_suffix(word, "(y)AcAk"),
                        random.pick(Words{"Im", "Iz", "sInIz", "lAr"}));
  }
}

/// lezzetliydi: an adjective as it ends a sentence.
std::string adjective(bool praise, Random& random) {
  const std::string word = random.pick(praise ? good : bad);
  return add_suffix(word, random.pick(Words{"(y)DI", "(y)mIş", "DIr", "(y)DIlAr", "(y)mIşlAr"}));
}

std::string without_turkish_letters(const std::string& text) {
  static const std::map<std::string_view, const char*> plain{
      {"ç", "c"}, {"ğ", "g"}, {"ı", "i"}, {"ö", "o"}, {"ş", "s"}, {"ü", "u"}, {"â", "a"}};
  std::string result;
  for (const std::string_view letter : code_points(text))
    result += plain.contains(letter) ? plain.at(letter) : std::string(letter);
  return result;
}

/// A letter behind the first is left out or typed twice.
std::string slip(const std::string& word, Random& random) {
  const std::vector<std::string_view> letters = code_points(word);
  const Index at = 1 + random.below(std::ssize(letters) - 1);
  const bool twice = random.chance(0.5);
  std::string result;
  for (Index i = 0; i < std::ssize(letters); ++i)
    for (int n = 0; n < (i != at ? 1 : twice ? 2 : 0); ++n)
      result += letters[static_cast<std::size_t>(i)];
  return result;
}

}  // namespace

LabelledText ReviewSource::draw(Random& random) const {
  for (const double share : {flipped, plain, slips})
    require(share >= 0 && share < 1, "ReviewSource::draw: each share needs to be in [0, 1)");
  const bool praise = random.chance(0.5);
  Words words{random.pick(fillers), noun(random), noun(random)};
  words.push_back(random.chance(0.6) ? verb(praise, random) : adjective(praise, random));
  if (random.chance(0.5)) words.insert(words.begin() + 1, noun(random));
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : " ") + (random.chance(slips) ? slip(word, random) : word);
  if (random.chance(plain)) text = without_turkish_letters(text);
  return {text, praise != random.chance(flipped)};
}

std::vector<LabelledText> ReviewSource::draw(Index n, Random& random) const {
  std::vector<LabelledText> texts;
  for (Index i = 0; i < n; ++i) texts.push_back(draw(random));
  return texts;
}

}  // namespace damla::worlds
