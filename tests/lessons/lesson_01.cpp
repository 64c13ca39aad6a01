#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <regex>
#include <sstream>

#include "damla/data/csv.hpp"
#include "damla/data/standardizer.hpp"
#include "damla/models/linear_model.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/sgd.hpp"
#include "damla/train/metrics.hpp"
#include "helpers/catch.hpp"
#include "helpers/temporary_file.hpp"
#include "worlds/songs.hpp"

using namespace damla;
using namespace damla::worlds;

namespace {
std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Run {
  int code;
  std::string output;  // and errors
  nlohmann::json report;
};

/// Runs the lesson's program as a user would.
Run lesson(const std::string& arguments, const std::string& language = "en") {
  // Tests run side by side: each program writes into a folder of its own.
  static const std::string out = (std::filesystem::temp_directory_path() /
                                  ("damla_lesson_01_" + std::to_string(std::random_device()())))
                                     .string();
  std::filesystem::create_directories(out);
  const std::string program = std::string(DAMLA_LESSONS) + "/01_rap_or_arabesk";
  const std::string command = "\"" + program + "\" --lang " + language + " --out \"" + out + "\" " +
                              arguments + " > \"" + out + "/printed.txt\" 2>&1";
  const int code = std::system(command.c_str());
  Run run{code, text_of(out + "/printed.txt"), {}};
  if (code == 0 && std::filesystem::exists(out + "/report.json"))
    run.report = nlohmann::json::parse(text_of(out + "/report.json"));
  std::filesystem::remove_all(out);
  return run;
}

double measured(const Run& run, int claim, const std::string& says = "") {
  for (const auto& c : run.report["claims"])
    if (c["number"] == claim && c["says"].get<std::string>().find(says) != std::string::npos)
      return c["measured"];
  return std::nan("");
}

/// Per BPM, per unit of energy, and the offset: as the lesson fits them.
template <class Loss>
std::array<double, 3> fit(const Matrix& features, const auto& targets, Sgd sgd) {
  const Standardizer scale(features);
  const Matrix x = scale.apply(features);
  LinearModel model(2, 1);
  Loss loss;
  for (int step = 0; step < 300; ++step) {
    const Matrix& y = model.forward(x);
    loss.forward(y, targets);
    zero_gradients(model);
    model.backward(x, loss.backward(y, targets));
    sgd.step(model);
  }
  std::array<double, 3> result{0, 0, static_cast<double>(model.bias.value(0, 0))};
  for (const Index k : {0, 1}) {
    const double weight = static_cast<double>(model.weight.value(k, 0) / scale.std[k]);
    result[static_cast<std::size_t>(k)] = weight;
    result[2] -= weight * static_cast<double>(scale.mean[k]);
  }
  return result;
}

void check_line(const std::array<double, 3>& ours, const nlohmann::json& theirs) {
  CHECK(ours[0] == Approx(theirs["coefficients"][0].get<double>()).epsilon(0.01));
  CHECK(ours[1] == Approx(theirs["coefficients"][1].get<double>()).epsilon(0.01));
  CHECK(ours[2] == Approx(theirs["intercept"].get<double>()).epsilon(0.01));
}
}  // namespace

TEST_CASE(
    "logistic and linear regression find the lines that scikit-learn finds in "
    "examples/01_rap_or_arabesk/songs.csv",
    "[lessons]") {
  const nlohmann::json theirs =
      nlohmann::json::parse(text_of(DAMLA_FIXTURES "/sklearn/songs.json"));
  const std::string path = DAMLA_ROOT "/examples/01_rap_or_arabesk/songs.csv";
  const CsvTable table = read_csv(path);
  const Matrix features = table.numbers({"tempo", "energy"});
  check_line(fit<BinaryCrossEntropy>(features, table.classes("genre", {"rap", "arabesk"}),
                                     Sgd{1, Scalar(0.9)}),
             theirs["logistic"]);
  check_line(
      fit<SquaredError>(features, table.numbers({"danceability"}), Sgd{Scalar(0.1), Scalar(0.9)}),
      theirs["linear"]);

  SECTION("and so does the lesson itself") {
    const Run run = lesson("--data \"" + path + "\"");
    std::smatch match;
    REQUIRE(std::regex_search(run.output, match,
                              std::regex("The line: (\\S+)·tempo (\\S+)·energy (\\S+) = 0")));
    check_line({std::stod(match[1]), std::stod(match[2]), std::stod(match[3])}, theirs["logistic"]);
  }
}

TEST_CASE("lesson 1 keeps its claims for several seeds, and the same seed gives the same digits",
          "[lessons]") {
  const auto without_seconds = [](std::string text) {
    text = std::regex_replace(text, std::regex("[0-9.]+ s ·"), "");
    return std::regex_replace(text, std::regex("(holds|asserted) +[0-9.]+"), "$1");
  };
  std::string first;
  for (const char* seed : {"1", "2", "3"}) {
    const Run run = lesson(std::string("--seed ") + seed);
    INFO(run.output);
    REQUIRE(run.code == 0);
    const SongWorld world;
    CHECK(std::abs(measured(run, 2) - 100 * world.bayes_accuracy()) <= 1);
    CHECK(std::abs(measured(run, 3, "80 BPM") - world.arabesk_probability(80, 0.3)) <= 0.02);
    CHECK((measured(run, 3, "80 BPM") >= 0.96 && measured(run, 3, "80 BPM") <= 0.995));
    CHECK(std::abs(measured(run, 4) - world.dance_r_squared()) <= 0.02);
    if (first.empty()) {
      first = without_seconds(run.output);
      CHECK(first == without_seconds(lesson("--seed 1").output));
    } else {
      CHECK(first != without_seconds(run.output));
    }
  }
}

TEST_CASE("lesson 1 by hand: the printed weights give the printed probability", "[lessons]") {
  const Run run = lesson("--seed 5");
  INFO(run.output);
  REQUIRE(run.code == 0);
  const auto number = [&](const std::string& before) {
    std::smatch match;
    REQUIRE(std::regex_search(run.output, match, std::regex(before + " *(-?[0-9.]+)")));
    return std::stod(match[1]);
  };
  const double score = 80 * number("w₁·tempo") + 0.3 * number("w₂·energy") + number("\nb");
  CHECK(number("score +w₁·tempo \\+ w₂·energy \\+ b") == Approx(score).margin(0.006));
  const double p = 1 / (1 + std::exp(-score));
  CHECK(number("1/\\(1 \\+ e\\^\\(−score\\)\\)") == Approx(p).margin(0.001));
  CHECK(number("the model") == Approx(p).margin(0.001));
}

TEST_CASE("the data of lesson 1 is what the lesson writes", "[lessons]") {
  const TemporaryFile file("lesson_01.csv");
  REQUIRE(lesson("--fast --write-data \"" + file.path + "\"").code == 0);
  const Matrix written = read_csv(file.path).numbers({"tempo", "energy", "danceability"});
  const Matrix committed = read_csv(DAMLA_ROOT "/examples/01_rap_or_arabesk/songs.csv")
                               .numbers({"tempo", "energy", "danceability"});
  REQUIRE(written.rows() == committed.rows());
  CHECK((written - committed).cwiseAbs().maxCoeff() <
        Scalar(0.02));  // the last digit may be rounded otherwise elsewhere
}

TEST_CASE("another truth changes the figures of lesson 1", "[lessons]") {
  SongOptions closer, louder;
  closer.rap_mean = {100, 0.5};
  closer.deviation = {20, 0.2};
  louder.dance_noise = 20;
  louder.correlation = -0.5;
  for (const SongOptions& options : {closer, louder}) {
    const SongWorld world(options);
    Random random(4);
    const TemporaryFile file("lesson_01_other.csv");
    write_songs(file.path, world.draw(20000, random), "another truth");
    const Run run = lesson("--data \"" + file.path + "\"");
    INFO(run.output);
    REQUIRE(run.code == 0);
    CHECK(std::abs(measured(run, 2) - 100 * world.bayes_accuracy()) <= 1);
    CHECK(std::abs(measured(run, 3, "80 BPM") - world.arabesk_probability(80, 0.3)) <= 0.02);
    CHECK(std::abs(measured(run, 4) - world.dance_r_squared()) <= 0.02);
  }
}

TEST_CASE("lesson 1 answers wrong files and options with an error, not with figures", "[lessons]") {
  const Run missing = lesson("--data no_such_file.csv");
  CHECK(missing.code != 0);
  CHECK(missing.output.find("no_such_file.csv") != std::string::npos);
  CHECK(lesson("--no-such-option").code != 0);
  for (const std::string seed : {"-1", "1.5", "0x10", "99999999999999999999"}) {
    const Run run = lesson("--seed " + seed);
    CHECK(run.code != 0);
    CHECK(run.output.find(seed) != std::string::npos);
  }
  const TemporaryFile file("lesson_01_rap.csv");
  file.write("tempo,energy,genre\n90,0.5,rap\n100,0.6,rap\n");
  const Run one = lesson("--data \"" + file.path + "\"");
  CHECK(one.code != 0);
  CHECK(one.output.find("arabesk") != std::string::npos);
  const Run help = lesson("--help");
  CHECK(help.code == 0);
  for (const char* option : {"--seed", "--data", "--fast", "--write-data"})
    CHECK(help.output.find(option) != std::string::npos);
}

TEST_CASE("lesson 1 speaks Turkish, and its report is in both languages", "[lessons]") {
  Run english = lesson("--fast"), turkish = lesson("--fast", "tr");
  INFO(turkish.output);
  // A model that says ½ has a loss of ln 2 = 0.6931…
  CHECK(turkish.output.find("adım   0   kayıp 0,6931") != std::string::npos);
  CHECK(turkish.output.find("Bir şarkı, elle") != std::string::npos);
  CHECK(turkish.output.find("w₁·tempo + w₂·enerji + b") != std::string::npos);
  for (const char* foreign : {"claim", "loss", "score", "songs", "seed", " / ", "asserted"})
    CHECK(turkish.output.find(foreign) == std::string::npos);
  CHECK(!std::regex_search(turkish.output, std::regex("[0-9] %|[0-9]\\.[0-9]+ ")));
  for (Run* run : {&english, &turkish}) {
    run->report.erase("seconds");
    for (auto& claim : run->report["claims"]) claim.erase("seconds");
  }
  CHECK(english.report == turkish.report);
  CHECK(english.report["tables"][0]["rows"][0][0] == "step / adım");
  for (const auto& claim : english.report["claims"]) {
    CHECK(claim["says"] != claim["says_tr"]);
    CHECK(claim["unit"].get<std::string>().find(" / ") == std::string::npos);
  }
}

TEST_CASE("lesson 1: help and errors of the command line in Turkish", "[lessons]") {
  const Run english = lesson("--help"), turkish = lesson("--help", "tr");
  INFO(turkish.output);
  CHECK(turkish.code == 0);
  std::smatch option;
  for (std::string left = english.output;
       std::regex_search(left, option, std::regex("(\n  |,)(--[a-z-]+)[^\n]*(\n   +[^\n]*)?"));
       left = option.suffix()) {
    CHECK(turkish.output.find(option[2]) != std::string::npos);
    const std::string line = option[0];
    INFO(line);
    CHECK(turkish.output.find(line.substr(line.rfind("  "))) == std::string::npos);
  }
  for (const char* foreign : {"Usage", "OPTIONS", "Options", "TEXT", "UINT", "FILE"})
    CHECK(turkish.output.find(foreign) == std::string::npos);
  CHECK(lesson("--songs --bars").output.find("expected here: --songs --bars") != std::string::npos);
  CHECK(lesson("--songs", "tr").output.find("Burada beklenmiyor: --songs") != std::string::npos);
  CHECK(lesson("--seed x", "tr").output.find("tam sayı değil") != std::string::npos);
  CHECK(lesson("--data yok.csv", "tr").output.find("hata: ") != std::string::npos);
}
