#include "04_sentiment/letter_grams.hpp"

#include "helpers/catch.hpp"

using namespace damla;

TEST_CASE("letter n-grams: a word between its marks, and its letters in a row", "[lessons]") {
  CHECK(letter_grams("ev", 2, 3) ==
        std::vector<std::string>{"<ev>", "<e", "ev", "v>", "<ev", "ev>"});
  CHECK(letter_grams("göl", 4, 4) == std::vector<std::string>{"<göl>", "<göl", "göl>"});
}

TEST_CASE("letter n-grams: forms of a word share tokens, which whole words do not", "[lessons]") {
  const LetterGrams grams;
  const Tokens a = grams.encode("beğenmedik"), b = grams.encode("beğenmemişler");
  for (const char* shared : {"beğen", "ğenme", "nme"}) {
    const Token token = grams.bucket(shared);
    CAPTURE(shared);
    CHECK(std::ranges::find(a, token) != a.end());
    CHECK(std::ranges::find(b, token) != b.end());
  }
  CHECK(a.front() != b.front());
  const LetterGrams few{.buckets = 7};
  for (const Token token : few.encode("Beğenmedik, çok kötüydü!")) CHECK((token >= 0 && token < 7));
}
