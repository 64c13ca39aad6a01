#include "damla/data/csv.hpp"

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
  CHECK_FALSE(table.has("Energy"));
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
  CHECK(refused("tempo,energy\n\"87,5\",\"0,25\"\n", {"line 2", "semicolons"}));
  CHECK(refused("tempo;energy\n1.087,5;0,25\n", {"line 2", "1.087,5"}));  // a point for thousands
  CHECK(refused("tempo,energy\n1,2\n3,\"4\n5,6\n", {"line 3", "never closed"}));
  CHECK(refused("tempo,energy\n\"1\"2,3\n", {"line 2", "closing quote"}));
  CHECK(refused("tempo,energy,tempo\n1,2,3\n", {"line 1", "two columns", "tempo"}));
  CHECK(refused("tempo,energy\n1,\xFE\n", {"line 2", "UTF-8"}));
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
