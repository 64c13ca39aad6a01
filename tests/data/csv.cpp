#include "damla/data/csv.hpp"

#include <fmt/format.h>

#include <ctime>
#include <random>

#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/temporary_file.hpp"

using namespace damla;

namespace {
// Every case uses it, and the cases run side by side, each in a process of its own.
const TemporaryFile file("csv.csv");

CsvTable read(const std::string& text) {
  file.write(text);
  return read_csv(file.path);
}
bool refused(const std::string& text, std::initializer_list<std::string_view> parts) {
  return error_says(
             [&] {
               read(text).numbers({"tempo", "energy"});
             },
             parts) &&
         error_says(
             [&] {
               read(text).numbers({"tempo", "energy"});
             },
             {file.path});
}
Matrix two_songs() {
  Matrix m(2, 2);
  m << Scalar(87.5), Scalar(0.25), 120, Scalar(-0.5);
  return m;
}
}  // namespace

TEST_CASE("columns of a CSV file are found by name, in any order", "[data]") {
  const CsvTable table = read("genre,energy,tempo\nrap,0.25,87.5\narabesk,-.5,1.2e2\n");
  CHECK(table.numbers({"tempo", "energy"}) == two_songs());
  CHECK(table.classes("genre", {"rap", "arabesk"}) == Tokens{0, 1});
  CHECK(table.classes("genre", {"arabesk", "rap"}) == Tokens{1, 0});
  CHECK(table.has("energy"));
  CHECK_FALSE(table.has("volume"));
}

TEST_CASE("columns are found in capital letters of English and of Turkish", "[data]") {
  const CsvTable table = read("TITLE;Tempo ;ENERGİ;kır;kir\nx;87.5;1;2;3\n");
  CHECK(table.position("title") == 0);
  CHECK(table.position("tempo") == 1);
  CHECK(table.position("energi") == 2);
  CHECK(table.position("kir") == 4);  // two words of Turkish
  CHECK(table.position("kır") == 3);
  CHECK_FALSE(table.has("KIR"));  // which of the two?
}

TEST_CASE("CSV files of every spreadsheet are read alike", "[data]") {
  CHECK(
      read("\xEF\xBB\xBFtempo,energy\r\n87.5,0.25\r\n120,-0.5\r\n").numbers({"tempo", "energy"}) ==
      two_songs());
  CHECK(read("tempo;energy\n87,5;0,25\n120;-0,5").numbers({"tempo", "energy"}) == two_songs());
  CHECK(read("tempo;energy\n87.5;0.25\n120;-0.5").numbers({"tempo", "energy"}) == two_songs());
  CHECK(read("tempo\tenergy\n87,5\t0,25\n120\t-0,5").numbers({"tempo", "energy"}) == two_songs());
  CHECK(read("tempo,energy\r87.5,0.25\r120,-0.5\r").numbers({"tempo", "energy"}) == two_songs());
  CHECK(read("# a comment, \"odd\n\n\"tempo\" , energy\n\n \"87.5\", 0.25\n120 ,-0.5\n\n")
            .numbers({"tempo"})
            .rows() == 2);
}

// The texts of these cases are written as the programs write them, with their quirks: no file of a
// person is behind them.
TEST_CASE("what Excel, LibreOffice and Google Sheets export is read", "[data]") {
  for (const char* text :
       {// Excel, Turkish: "CSV UTF-8", also with sep=, with a cell beside the table once filled in,
        // and with rows below it
        "\uFEFFtempo;energy\r\n87,5;0,25\r\n120;-0,5\r\n",
        "sep=;\r\ntempo;energy\r\n87,5;0,25\r\n120;-0,5\r\n",
        "\uFEFFtempo;energy;;\r\n87,5;0,25;;\r\n120;-0,5;;\r\n;;;\r\n;;;\r\n",
        // Excel, English
        "\uFEFFtempo,energy,\r\n87.5,0.25,\r\n120,-0.5,\r\n,,\r\n",
        "sep=\t\r\ntempo\tenergy\r\n87.5\t0.25\r\n120\t-0.5\r\n",
        // Google Sheets, Turkish: commas, and quotes where a number has one
        "tempo,energy\r\n\"87,5\",\"0,25\"\r\n120,\"-0,5\"",
        // LibreOffice, Turkish, with quotes around all text
        "\"tempo\";\"energy\"\n87,5;0,25\n120;-0,5\n",
        // a table that begins in its second column
        ";tempo;energy\n;87,5;0,25\n;120;-0,5\n",
        // an index without a name, as pandas writes it
        ",tempo,energy\n0,87.5,0.25\n1,120,-0.5\n",
        // a first column with the name #
        "#;tempo;energy\n1;87,5;0,25\n2;120;-0,5\n",
        // a name over two lines, with the other separators in it
        "tempo;energy;\"energy,\ttoo;\n\"\"again\"\"\"\n87,5;0,25;1\n120;-0,5;1\n"}) {
    INFO(text);
    CHECK(read(text).numbers({"tempo", "energy"}) == two_songs());
  }
}

TEST_CASE("numbers are read by the one format that their table shows", "[data]") {
  const auto numbers = [](const std::string& text) {
    const Matrix m = read(text).numbers({"a"});
    return std::vector<double>(m.data(), m.data() + m.size());
  };
  using Numbers = std::vector<double>;
  CHECK(numbers("a;b\n1.234;0\n12,5;0\n") == Numbers{1234, 12.5});
  CHECK(numbers("a;b\n1.234;0\n12.5;0\n") == Numbers{Scalar(1.234), 12.5});
  CHECK(numbers("a;b\n1,234;0\n12,5;0\n") == Numbers{Scalar(1.234), 12.5});
  CHECK(numbers("a;b\n\"1,234\";0\n12.5;0\n") == Numbers{1234, 12.5});
  CHECK(numbers("a;b\n1.234,5;0\n-1.234.567;0\n") == Numbers{1234.5, -1234567});
  CHECK(numbers("a,b\n\"1,234.5\",0\n\"1,234,567\",0\n") == Numbers{1234.5, 1234567});
  CHECK(numbers("a,b\n1.234,0\n") == Numbers{Scalar(1.234)});
  // Another column tells.
  CHECK(numbers("a;b\n1.234;0,5\n") == Numbers{1234});
  CHECK(numbers("a;b\n1.234;0.5\n") == Numbers{Scalar(1.234)});
  CHECK(numbers("a;b\n0.125;x\n") == Numbers{0.125});  // no thousands begin with 0
  CHECK(numbers("a;b\n1234,125;x\n") == Numbers{1234.125});
  // Spellings of one number.
  CHECK(numbers("a;b\n+3;x\n\u22123;x\n1e5;x\n1.5E+02;x\n5.;x\n\u00A07\u202F;x\n") ==
        Numbers{3, -3, 1e5, 150, 5, 7});
  CHECK(numbers("a;b\n1,5E-01;x\n") == Numbers{Scalar(0.15)});
}

TEST_CASE("a number that can be read in two ways, or in none, is refused", "[data]") {
  const auto says = [](const std::string& text, std::initializer_list<std::string_view> parts) {
    return error_says([&] { read(text).numbers({"a", "b"}); }, parts);
  };
  CHECK(says("a;b\n12.5;0\n1;0,5\n", {"line 3", "b is \"0,5\"", "line 2", "\"12.5\""}));
  CHECK(says("a;b\n1.234;2\n", {"line 2", "a is \"1.234\"", "write 1234 or 1.2340"}));
  CHECK(says("a,b\n\"1,234\",2\n", {"line 2", "a is \"1,234\"", "write 1234 or 1,2340"}));
  for (const char* cell :
       {"",          "85%",   "%85",        "1 234", "1\u00A0234", "1.23.456", "1.2345.678",
        "0.123.456", "1,2,3", "1.234,5.6",  "NaN",   "nan",        "inf",      "-inf",
        "#N/A",      "#YOK",  "0x10",       "1e",    "e5",         "-",        ".",
        ",",         "1-2",   "12.05.2024", "+-3",   "1e5,5",      "\u06F1",   "2'5"}) {
    INFO(cell);
    CHECK(says(std::string("x;a;b\nq;1;1\nq;") + cell + ";2\n", {"line 3", "a is ", cell}));
  }
  CHECK(says("x;a;b\nq;;2\n", {"line 2", "a is empty"}));
  CHECK(says("a;b\n85%;1\n", {"line 2", "without %"}));
  CHECK(says("a;b\n-1e39;1\n1e999;1\n", {"line 2", "-1e39"}));
}

TEST_CASE("a title above the names of the columns is pointed out", "[data]") {
  CHECK(refused("My songs\ntempo,energy\n1,2\n",
                {"line 2", "2 cells", "line 1", "1 column (My songs)", "title"}));
  CHECK(refused("My songs;;\ntempo;energy;genre\n1;2;x\n", {"line 2", "3 cells", "title"}));
  CHECK(refused("My songs\n\ntempo\n1\n", {"\"tempo\"", "line 1", "My songs"}));
  CHECK(refused("tempo,energy\n1,2\n3\n", {"line 3", "1 cell,"}));
  CHECK_FALSE(refused("tempo,energy\n1,2\n3\n", {"title"}));
}

TEST_CASE("a CSV file's odd ends: separators, zero bytes, cells and rows of any size", "[data]") {
  CHECK(refused("sep=|\ntempo|energy\n1|2\n", {"line 1", "not by |"}));
  CHECK(refused(std::string("tempo,energy\n1,\0", 16), {"line 2", "byte of 0", "UTF-8"}));
  CHECK(refused("tempo,energy\n1,G\xFCzel\n", {"line 2", "1254"}));
  const std::string longest(1'000'000, 'x');
  CHECK(error_says([&] { read("tempo,energy\n1," + longest + "\n").numbers({"energy"}); },
                   {"line 2", "xxx…\""}));
  CHECK_FALSE(error_says([&] { read("tempo,energy\n1," + longest + "\n").numbers({"energy"}); },
                         {std::string(41, 'x')}));
  std::string wide = "c0", ones = "1";
  for (int i = 1; i < 20000; ++i) wide += fmt::format(",c{}", i), ones += ",1";
  const std::clock_t start = std::clock();
  const CsvTable table = read(wide + "\n" + ones);
  CHECK(table.numbers({"c19999"})(0, 0) == 1);
  CHECK(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC < 2);  // each pair: 200 million
  CHECK(error_says([&] { table.numbers({"tempo"}); }, {"c0, c1", "20000 in all"}));
  CHECK_FALSE(error_says([&] { table.numbers({"tempo"}); }, {"c12"}));
}

TEST_CASE("the separator is looked for outside the quotes, and numbers stay finite", "[data]") {
  CHECK(read("\"tempo\",\"energy\",\"a;b\"\n87.5,0.25,x\n120,-0.5,y\n")
            .numbers({"tempo", "energy"}) == two_songs());
  CHECK(refused("tempo,energy\n1e39,2\n", {"line 2", "1e39"}));
}

TEST_CASE("quoted cells of a CSV file hold commas, quotes and line ends", "[data]") {
  const CsvTable table = read("name,tempo\n\"Söz, \"\"müzik\"\"\r\nve ses\",90\nson,x\n");
  CHECK(table.cells[0][0] == "Söz, \"müzik\"\nve ses");
  CHECK(error_says([&] { table.numbers({"tempo"}); },
                   {file.path, "line 4", "tempo", "\"x\""}));  // counted in the file's lines
}

TEST_CASE("what is wrong with a CSV file is said with path and line", "[data]") {
  CHECK(error_says([] { read_csv("no_such_file.csv"); }, {"no_such_file.csv"}));
  CHECK(refused("", {"empty"}));
  CHECK(refused("\n# only a comment\n\n", {"empty"}));
  CHECK(refused("tempo,energy\n", {"no rows"}));
  CHECK(refused("tempo,volume\n1,2\n", {"no column \"energy\"", "tempo, volume"}));
  CHECK(refused("# c\ntempo,energy\n1,2\n3,loud\n", {"line 4", "energy", "\"loud\""}));
  CHECK(refused("tempo,energy\n1,\n", {"line 2", "energy"}));
  CHECK(refused("tempo,energy\n1,2x\n", {"line 2", "2x"}));
  CHECK(refused("tempo,energy\nnan,2\n", {"line 2", "nan"}));
  CHECK(refused("tempo,energy\n1e999,2\n", {"line 2", "1e999"}));
  CHECK(refused("tempo,energy\n1,2\n1,2,3\n", {"line 3", "3 cells", "2 columns"}));
  CHECK(refused("tempo,energy\n87,5,0,25\n",
                {"line 2", "4 cells"}));  // decimal commas between commas
  CHECK(refused("tempo,energy\n1,2\n3,\"4\n5,6\n", {"line 3", "never closed"}));
  CHECK(refused("tempo,energy\n\"1\"2,3\n", {"line 2", "closing quote"}));
  CHECK(refused("tempo,energy,tempo\n1,2,3\n", {"line 1", "two columns", "tempo"}));
  CHECK(refused("tempo,energy\n1,\xFE\n", {"line 2", "UTF-8"}));
}

TEST_CASE("names of classes are compared as people see them", "[data]") {
  CHECK(read("genre\n rap\n\"arabesk \"\nra\u00ADp\n\u00A0arabesk\n")
            .classes("genre", {"rap", "arabesk"}) == Tokens{0, 1, 0, 1});
  CHECK(read("tür\ngu\u0308zel\nküçük\n").classes("tür", {"güzel", "küçük"}) == Tokens{0, 1});
}

TEST_CASE("classes in a CSV file are those that were asked for, and all of them", "[data]") {
  const auto classes = [](const std::string& text) {
    return read(text).classes("genre", {"rap", "arabesk"});
  };
  CHECK(error_says([&] { classes("genre,tempo\nrap,1\npop,2\n"); },
                   {file.path, "line 3", "\"pop\"", "rap, arabesk"}));
  CHECK(error_says([&] { classes("genre,tempo\nrap,1\nrap,2\n"); },
                   {file.path, "arabesk", "each class"}));
  CHECK(
      error_says([&] { classes("kind,tempo\nrap,1\n"); }, {file.path, "\"genre\"", "kind, tempo"}));
}

TEST_CASE("a long heading in capitals is found", "[csv]") {
  const TemporaryFile file("long_heading.csv");
  file.write("DAKİKADAKİ VURUŞ SAYISI;ENERGY\n90;0,5\n");
  const Matrix m = read_csv(file.path).numbers({"dakikadaki vuruş sayısı", "energy"});
  CHECK(m(0, 0) == 90);
  CHECK(m(0, 1) == Scalar(0.5));
}
