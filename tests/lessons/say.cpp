#include "report/say.hpp"

#include "helpers/catch.hpp"

using namespace damla;
using namespace damla::report;

TEST_CASE("a text in both languages is shown in one") {
  CHECK(in_language("songs / şarkılar", Language::english) == "songs");
  CHECK(in_language("songs / şarkılar", Language::turkish) == "şarkılar");
  CHECK(in_language("AdamW", Language::turkish) == "AdamW");
  CHECK(in_language("1/(1 + e^(−s))", Language::turkish) == "1/(1 + e^(−s))");
  // Turkish may have a " / " of its own.
  CHECK(in_language("step / adım / saniye", Language::turkish) == "adım / saniye");
}

TEST_CASE("figures as Turkish writes them") {
  CHECK(decimal_comma("0.5") == "0,5");
  CHECK(decimal_comma("-1.25e-08") == "-1,25e-08");
  CHECK(decimal_comma("88.9 %") == "%88,9");
  CHECK(decimal_comma("-3 % … 4 %") == "%-3 … %4");
  CHECK(decimal_comma("0.5, 0.25, -1.0") == "0,5; 0,25; -1,0");
  CHECK(decimal_comma("2, 1, 0") == "2, 1, 0");
  CHECK(decimal_comma("çalıştı. 3 kez") == "çalıştı. 3 kez");
  CHECK(decimal_comma("%") == "%");
}
