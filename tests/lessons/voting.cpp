#include "11_preferences/voting.hpp"

#include <functional>
#include <sstream>

#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/temporary_file.hpp"

using namespace damla;

namespace {
const WordTokenizer& words() {
  static const WordTokenizer all =
      WordTokenizer::from_text("Ali nerede ? Elbette efendim , Bursa . be !", {Casing::keep});
  return all;
}
const Vote polite{"Ali nerede?", "Elbette efendim, Bursa.", "Bursa be!"};

/// What is printed, and the votes that come, when somebody types this.
struct Session {
  std::string printed;
  std::vector<Vote> votes;
};
Session vote(
    const std::string& typed, int wanted = 20,
    const std::function<Vote()>& draw = [] { return polite; }) {
  Session session;
  std::istringstream in(typed);
  std::ostringstream out;
  ask_for_votes(in, out, wanted, words(), draw, [&](const Vote& v) { session.votes.push_back(v); });
  session.printed = out.str();
  return session;
}

int count(const std::string& text, const std::string& part) {
  int n = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++n;
  return n;
}
}  // namespace

TEST_CASE("voting: a takes the first answer, b the second, in any case and with blanks around") {
  const Session session = vote("a \n B\n\tA\r\ns\nS\n Q \na\n");
  REQUIRE(session.votes.size() == 3);
  CHECK(session.votes[0].chosen == polite.chosen);
  CHECK(session.votes[1].chosen == polite.rejected);
  CHECK(session.votes[1].rejected == polite.chosen);
  CHECK(session.votes[2].chosen == polite.chosen);
  CHECK(count(session.printed, "is not a, b, s or q") == 0);
  CHECK(count(session.printed, "3 votes: A 2, B 1; skipped: 2\n") == 1);
}

TEST_CASE("voting: what is none of the letters is named, and the same pair is asked again") {
  const Session session = vote("\nab\nevet\nb\nq\n");
  CHECK(session.votes.size() == 1);
  for (const char* said : {"“”", "“ab”", "“evet”"})
    CHECK(count(session.printed, said + std::string(" is not a, b, s or q")) == 1);
  CHECK(count(session.printed, "1 / 20  Ali nerede?") == 1);
  CHECK(count(session.printed, "2 / 20  Ali nerede?") == 1);
}

TEST_CASE("voting ends with the votes that it has, when they are enough or the input ends") {
  const Session enough = vote("a\na\na\n", 2);
  CHECK(enough.votes.size() == 2);
  CHECK(count(enough.printed, "2 / 2  ") == 1);
  CHECK(count(enough.printed, "3 / 2  ") == 0);
  const Session ended = vote("a\nb");
  CHECK(ended.votes.size() == 2);
  CHECK(count(ended.printed, "2 votes") == 1);
}

TEST_CASE("voting: a pair of equal answers, or with an unknown word, is not shown") {
  int drawn = 0;
  const auto draw = [&]() -> Vote {
    ++drawn;
    if (drawn == 1) return {polite.question, "Bursa be!", "Bursa be!"};
    if (drawn == 2) return {polite.question, "<unk>", "Bursa be!"};
    return polite;
  };
  const Session session = vote("a\nq\n", 20, draw);
  REQUIRE(session.votes.size() == 1);
  CHECK(session.votes[0].chosen == polite.chosen);

  const Session same = vote("a\na\n", 20, [] { return Vote{"Ali nerede?", "Bursa.", "Bursa."}; });
  CHECK(same.votes.empty());
  CHECK(count(same.printed, "The model gives the same answer every time.") == 1);
}

TEST_CASE("a file of votes is read as it was written") {
  const TemporaryFile file("damla_votes_kept.txt");
  CHECK(read_votes(file.path, words()).empty());
  const Vote rude{polite.question, polite.rejected, polite.chosen};
  write_votes(file.path, {polite, rude});
  const std::vector<Vote> votes = read_votes(file.path, words());
  REQUIRE(votes.size() == 2);
  CHECK(votes[0].question == polite.question);
  CHECK(votes[0].chosen == polite.chosen);
  CHECK(votes[0].rejected == polite.rejected);
  CHECK(votes[1].chosen == polite.rejected);

  file.write("Ali nerede?\tBursa.\tBursa be!\r\n\r\n");  // saved by an editor on Windows
  REQUIRE(read_votes(file.path, words()).size() == 1);
  CHECK(read_votes(file.path, words())[0].rejected == "Bursa be!");
}

TEST_CASE("a file of votes with a fault is refused with its line") {
  const TemporaryFile file("damla_votes_faulty.txt");
  const auto refused = [&](const std::string& line, const std::string& why) {
    file.write("Ali nerede?\tBursa.\tBursa be!\n\n" + line + "\n");
    return error_says([&] { read_votes(file.path, words()); }, {file.path + ": line 3: " + why});
  };
  for (const char* line : {"Ali nerede? Bursa.", "Ali nerede?\tBursa.", "Ali nerede?\tBursa.\t",
                           "Ali nerede?\t\tBursa.", "Ali nerede?\tBursa.\tBursa be!\tefendim"}) {
    INFO(line);
    CHECK(refused(line, "expected question, chosen and rejected answer, separated by tabs"));
  }
  CHECK(refused("Ali nerede?\tBursa.\tBursa.", "the two answers are the same"));
  CHECK(refused("Ali nerede?\tBursa.\tİzmir be!", "the model does not know the word “İzmir”"));
}

TEST_CASE("a folder is no file of votes") {
  const std::string folder = std::filesystem::temp_directory_path().string();
  CHECK(error_says([&] { read_votes(folder, words()); }, {folder, "folder"}));
  CHECK(error_says([&] { write_votes(folder, {}); }, {folder, "cannot be written"}));
}
