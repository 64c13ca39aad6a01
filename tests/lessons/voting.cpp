#include "10_preferences/voting.hpp"

#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/temporary_file.hpp"

using namespace damla;

TEST_CASE("votes are kept, whatever an editor made of the file's ends of lines", "[lessons]") {
  const TemporaryFile file("votes.txt");
  CHECK(read_votes(file.path).empty());  // there is none yet
  file.write("soru\tiyi\tkötü\r\nq\tA\tB");
  std::istringstream keys("a\nb\ns\nq\n");
  std::streambuf* before = std::cin.rdbuf(keys.rdbuf());
  ask_for_votes(file.path, [] { return Vote{"yeni", "bir", "iki"}; });
  std::cin.rdbuf(before);
  const std::vector<Vote> votes = read_votes(file.path);
  REQUIRE(votes.size() == 4);
  CHECK(votes[0].rejected == "kötü");
  CHECK(votes[1].rejected == "B");
  CHECK(votes[2].chosen == "bir");
  CHECK(votes[3].chosen == "iki");
}

TEST_CASE("a file that holds no votes is refused with path and line, before anybody is asked",
          "[lessons]") {
  const TemporaryFile file("no_votes.txt");
  const auto never = [&]() -> Vote {
    FAIL("asked");
    return {};
  };
  for (const char* line : {"a\tb", "a\tb\tc\td", ""}) {
    file.write("q\ta\tb\n" + std::string(line) + "\n");
    CHECK(error_says([&] { ask_for_votes(file.path, never); }, {file.path, "line 2", "tabs"}));
  }
  const std::string folder = std::filesystem::temp_directory_path().string();
  CHECK(error_says([&] { read_votes(folder); }, {folder, "folder"}));
}
