#include "worlds/turkish.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "damla/core/error.hpp"
#include "damla/text/unicode.hpp"

namespace damla::worlds::turkish {
namespace {

// What no sound rule tells, and a dictionary has to.
constexpr auto softening = std::to_array<std::string_view>(  // against the rule they do
    {"kap",   "dip",   "cep",      "grup",  "kalp",   "harp",    "uç",     "güç",     "genç",
     "taç",   "borç",  "renk",     "denk",  "çok",    "gök",     "kanat",  "kağıt",   "kâğıt",
     "umut",  "armut", "geçit",    "öğüt",  "yiğit",  "simit",   "yoğurt", "bozkurt", "kayıt",
     "kayıp", "metot", "standart", "vücut", "mevcut", "palamut", "stat",   "söğüt",   "ağıt",
     "tat",   "dört",  "kurt",     "yurt",  "dert",   "cilt",    "git",    "güt"});
constexpr auto unsoftened = std::to_array<std::string_view>(  // against the rule they do not
    {"merak", "hukuk", "ahlak", "evrak", "emlak", "otopark", "lunapark", "bırak"});
constexpr auto front_harmony = std::to_array<std::string_view>(  // back vowel, but front suffixes
    {"saat",     "gol",    "rol",      "hal",     "kalp",     "harf",    "kontrol",
     "alkol",    "petrol", "festival", "ihtimal", "dikkat",   "seyahat", "kabul",
     "meşgul",   "hayal",  "sual",     "ideal",   "terminal", "sembol",  "mareşal",
     "istiklal", "normal", "metal",    "final",   "ziraat",   "itaat",   "ekol",
     "kemal",    "nihal",  "cemal",    "celal",   "bilal",    "zuhal"});
constexpr auto vowel_dropping =
    std::to_array<std::string_view>(  // the last vowel drops before a vowel
        {"şehir", "isim",  "resim", "fikir", "akıl",  "burun", "ağız",  "alın",  "boyun",
         "göğüs", "beyin", "oğul",  "nehir", "vakit", "sabır", "ömür",  "gönül", "karın",
         "şekil", "seyir", "emir",  "izin",  "keyif", "zihin", "cisim", "kısım", "nesil",
         "asıl",  "hacim", "kayıp", "kayıt", "keşif", "tavır"});

bool has(const auto& table, const std::string& word) {
  return std::find(table.begin(), table.end(), word) != table.end();
}

bool is_vowel(std::string_view letter) {
  static constexpr auto vowels =
      std::to_array<std::string_view>({"a", "e", "ı", "i", "o", "ö", "u", "ü", "â", "î", "û"});
  return std::find(vowels.begin(), vowels.end(), letter) != vowels.end();
}
bool is_front(std::string_view vowel) {
  return vowel == "e" || vowel == "i" || vowel == "ö" || vowel == "ü" || vowel == "î";
}
bool is_round(std::string_view vowel) {
  return vowel == "o" || vowel == "ö" || vowel == "u" || vowel == "ü" || vowel == "û";
}
bool is_voiceless(std::string_view letter) {
  static constexpr auto letters =
      std::to_array<std::string_view>({"f", "s", "t", "k", "ç", "ş", "h", "p"});
  return std::find(letters.begin(), letters.end(), letter) != letters.end();
}

// A word as it grows: its letters as written, and what the rules look at.
struct Word {
  std::vector<std::string> letters;
  std::string vowel;   // the last one
  bool front = false;  // what A and I follow

  void look_for_vowel() {
    vowel.clear();
    for (const std::string& letter : letters)
      if (const std::string small = to_lower(letter); is_vowel(small)) vowel = small;
  }
  std::string last() const { return to_lower(letters.back()); }
  Index syllables() const {
    return std::count_if(letters.begin(), letters.end(),
                         [](const std::string& l) { return is_vowel(to_lower(l)); });
  }
  void push(std::string letter) {
    if (is_vowel(letter)) vowel = letter, front = is_front(letter);
    letters.push_back(std::move(letter));
  }
  std::string text() const {
    std::string result;
    for (const std::string& letter : letters) result += letter;
    return result;
  }
};

Word word_of(std::string_view stem, std::string_view call) {
  Word word;
  for (const std::string_view letter : code_points(stem)) word.letters.emplace_back(letter);
  word.look_for_vowel();
  if (word.vowel.empty())
    throw Error(std::string(call) + ": \"" + std::string(stem) +
                "\" has no vowel to harmonise with");
  word.front = is_front(word.vowel) || has(front_harmony, to_lower(stem));
  return word;
}

std::string harmonic(const Word& word, char sound) {
  if (sound == 'A') return word.front ? "e" : "a";
  const bool round = is_round(word.vowel);
  return word.front ? (round ? "ü" : "i") : (round ? "u" : "ı");
}

// What a following vowel does to the end of the stem.
void soften(Word& word, const std::string& stem) {
  if (has(vowel_dropping, stem)) word.letters.erase(word.letters.end() - 2);
  std::string& last = word.letters.back();
  if (!has(softening, stem) && (word.syllables() < 2 || last == "t" || has(unsoftened, stem)))
    return;
  if (last == "p") last = "b";
  if (last == "ç") last = "c";
  if (last == "t") last = "d";
  if (last == "k") {
    const std::string before = to_lower(*(word.letters.end() - 2));
    if (before == "n") last = "g";          // renk → rengi
    else if (is_vowel(before)) last = "ğ";  // ekmek → ekmeği
  }
}

void append(Word& word, std::string_view suffix, std::string_view call) {
  for (std::size_t i = 0; i < suffix.size();) {
    const CodePoint point = next_code_point(suffix, i);
    const std::string letter(suffix.substr(i, point.length));
    i += point.length;
    if (letter == "A" || letter == "I") word.push(harmonic(word, letter[0]));
    else if (letter == "D") word.push(is_voiceless(word.last()) ? "t" : "d");
    else if (letter == "C") word.push(is_voiceless(word.last()) ? "ç" : "c");
    else if (to_lower(letter) != letter || !is_letter(point.value))
      throw Error(std::string(call) + ": suffix \"" + std::string(suffix) +
                  "\": expected small letters, A I D C, or one sound in "
                  "parentheses at the front, got \"" +
                  letter + "\"");
    else word.push(letter);
  }
}

// The suffix without the parentheses, and without their sound where it does not belong: (y)I → yI
// after a vowel, else I.
std::string fitted(std::string_view suffix, const Word& word) {
  if (suffix.size() < 3 || suffix[0] != '(' || suffix[2] != ')') return std::string(suffix);
  const bool sound_is_vowel = suffix[1] == 'I' || suffix[1] == 'A';
  const bool stays = sound_is_vowel != is_vowel(word.last());
  return (stays ? std::string(1, suffix[1]) : std::string()) + std::string(suffix.substr(3));
}

}  // namespace

std::string add_suffix(std::string_view stem, std::string_view suffix) {
  Word word = word_of(stem, "turkish::add_suffix");
  const std::string small = to_lower(stem);
  std::string sounds = fitted(suffix, word);
  if (small == "su" && suffix.starts_with("(") && sounds.size() > 1 && suffix[1] != 'I')
    sounds[0] = 'y';  // suyun, suyu
  if (sounds.empty()) return word.text();
  const bool vowel_comes = sounds[0] == 'A' || sounds[0] == 'I' ||
                           is_vowel(sounds.substr(0, next_code_point(sounds, 0).length));
  if (vowel_comes && is_vowel(word.last())) {  // bekle + Iyor: the stem's vowel gives way
    word.letters.pop_back();
    const std::string dropped = word.vowel;
    word.look_for_vowel();
    if (word.vowel.empty()) word.vowel = dropped;  // de + Iyor → diyor
    word.front = is_front(word.vowel);
  } else if (vowel_comes) {
    soften(word, small);
  }
  append(word, sounds, "turkish::add_suffix");
  return word.text();
}

std::string add_suffix_to_name(std::string_view name, std::string_view suffix) {
  Word word = word_of(name, "turkish::add_suffix_to_name");
  const std::string sounds = fitted(suffix, word);
  if (sounds.empty()) return word.text();
  const std::size_t length = word.text().size();
  append(word, sounds, "turkish::add_suffix_to_name");
  std::string text = word.text();
  return text.insert(length, "'");
}

std::string capitalized(std::string_view word) {
  if (word.empty()) return {};
  const std::size_t first = next_code_point(word, 0).length;
  return to_upper(word.substr(0, first)) + std::string(word.substr(first));
}

}  // namespace damla::worlds::turkish
