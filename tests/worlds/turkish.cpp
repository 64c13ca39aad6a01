#include "worlds/turkish.hpp"

#include "damla/core/error.hpp"
#include "helpers/catch.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::worlds::turkish;

namespace {
struct Form {
  const char *stem, *suffix, *expected;
};
void check(std::initializer_list<Form> forms) {
  for (const Form& form : forms) {
    CAPTURE(form.stem, form.suffix);
    CHECK(add_suffix(form.stem, form.suffix) == form.expected);
  }
}
}  // namespace

TEST_CASE("vowels of a suffix harmonise with the last vowel of the word", "[worlds]") {
  check({{"ev", "lAr", "evler"},
         {"okul", "lAr", "okullar"},
         {"göz", "lAr", "gözler"},
         {"kutu", "lAr", "kutular"},
         {"ev", "(n)In", "evin"},
         {"kutu", "(n)In", "kutunun"},
         {"köy", "(n)In", "köyün"},
         {"kız", "(n)In", "kızın"},
         {"kedi", "(n)In", "kedinin"},
         {"tuz", "lIk", "tuzluk"},
         {"göz", "lIk", "gözlük"},
         {"saat", "lAr", "saatler"},
         {"gol", "(y)I", "golü"},
         {"kontrol", "DA", "kontrolde"},
         {"hayal", "lAr", "hayaller"},
         {"oto", "CI", "otocu"}});
}

TEST_CASE("a buffer sound stands only between vowels", "[worlds]") {
  check({{"kedi", "(y)I", "kediyi"},
         {"ev", "(y)I", "evi"},
         {"araba", "(s)I", "arabası"},
         {"ev", "(s)I", "evi"},
         {"masa", "(y)A", "masaya"},
         {"göl", "(y)A", "göle"},
         {"araba", "(I)m", "arabam"},
         {"ev", "(I)m", "evim"},
         {"su", "(n)In", "suyun"},
         {"su", "(s)I", "suyu"},
         {"su", "(y)I", "suyu"},
         {"su", "DA", "suda"},
         {"evi", "nDA", "evinde"}});
}

TEST_CASE("p ç t k soften before a vowel and stay before a consonant", "[worlds]") {
  check({{"kitap", "(y)I", "kitabı"},
         {"ağaç", "(y)I", "ağacı"},
         {"köpek", "(n)In", "köpeğin"},
         {"ekmek", "(s)I", "ekmeği"},
         {"kanat", "(y)I", "kanadı"},
         {"renk", "(s)I", "rengi"},
         {"kulüp", "(s)I", "kulübü"},
         {"kağıt", "(y)A", "kağıda"},
         {"stat", "(y)A", "stada"},
         {"armut", "(I)mIz", "armudumuz"},
         {"kitap", "lAr", "kitaplar"},
         {"ağaç", "DA", "ağaçta"},
         {"ağaç", "lAr", "ağaçlar"}});
  check({{"at", "(y)I", "atı"},
         {"top", "(y)I", "topu"},
         {"saç", "(y)I", "saçı"},
         {"park", "(y)A", "parka"},
         {"sanat", "(s)I", "sanatı"},
         {"hukuk", "(y)I", "hukuku"},
         {"merak", "(y)I", "merakı"},
         {"maç", "(y)A", "maça"},
         {"saat", "(y)I", "saati"},
         {"bulut", "(y)I", "bulutu"},
         {"tabut", "(y)I", "tabutu"},
         {"kamp", "(y)A", "kampa"}});
}

TEST_CASE("d and c become voiceless after a voiceless consonant", "[worlds]") {
  check({{"at", "DI", "attı"},
         {"git", "DI", "gitti"},
         {"ye", "DI", "yedi"},
         {"gör", "DI", "gördü"},
         {"koş", "DI", "koştu"},
         {"sokak", "DA", "sokakta"},
         {"ev", "DAn", "evden"},
         {"park", "DAn", "parktan"},
         {"çay", "CI", "çaycı"},
         {"balık", "CI", "balıkçı"},
         {"kitap", "DIr", "kitaptır"},
         {"kulübü", "DIr", "kulübüdür"}});
}

TEST_CASE("verbs: narrowing before -Iyor, softened git, participles", "[worlds]") {
  check({{"bekle", "Iyor", "bekliyor"},
         {"başla", "Iyor", "başlıyor"},
         {"oyna", "Iyor", "oynuyor"},
         {"söyle", "Iyor", "söylüyor"},
         {"oku", "Iyor", "okuyor"},
         {"yürü", "Iyor", "yürüyor"},
         {"git", "Iyor", "gidiyor"},
         {"bırak", "Iyor", "bırakıyor"},
         {"de", "Iyor", "diyor"},
         {"ye", "Iyor", "yiyor"},
         {"uyu", "mAyI", "uyumayı"},
         {"koş", "mAyI", "koşmayı"},
         {"git", "(y)AcAk", "gidecek"},
         {"uyu", "(y)AcAk", "uyuyacak"}});
  CHECK(add_suffix(add_suffix("sev", "DIk"), "(s)I") == "sevdiği");
}

TEST_CASE("some words drop their last vowel", "[worlds]") {
  check({{"şehir", "(s)I", "şehri"},
         {"burun", "(y)I", "burnu"},
         {"oğul", "(s)I", "oğlu"},
         {"vakit", "(y)I", "vakti"},
         {"kayıp", "(s)I", "kaybı"},
         {"şehir", "lAr", "şehirler"},
         {"şehir", "DA", "şehirde"}});
}

TEST_CASE("a long word grows suffix by suffix", "[worlds]") {
  std::string word = "ev";
  for (const char* suffix : {"lAr", "(I)mIz", "DAn"}) word = add_suffix(word, suffix);
  CHECK(word == "evlerimizden");
}

TEST_CASE("proper names keep their letters and take an apostrophe", "[worlds]") {
  CHECK(add_suffix_to_name("Türkiye", "DA") == "Türkiye'de");
  CHECK(add_suffix_to_name("Mehmet", "DA") == "Mehmet'te");
  CHECK(add_suffix_to_name("Mehmet", "(y)A") == "Mehmet'e");
  CHECK(add_suffix_to_name("Zonguldak", "(y)A") == "Zonguldak'a");
  CHECK(add_suffix_to_name("Ankara", "(y)A") == "Ankara'ya");
  CHECK(add_suffix_to_name("İzmir", "DAn") == "İzmir'den");
  CHECK(add_suffix_to_name("Uşak", "(n)In") == "Uşak'ın");
  CHECK(capitalized("ışık") == "Işık");
  CHECK(capitalized("iyi") == "İyi");
}

TEST_CASE("what is not a word or a suffix is refused", "[worlds]") {
  CHECK_THROWS_AS(add_suffix("", "lAr"), Error);
  CHECK_THROWS_AS(add_suffix("brr", "lAr"), Error);
  CHECK_THROWS_AS(add_suffix("ev", "lXr"), Error);
}
