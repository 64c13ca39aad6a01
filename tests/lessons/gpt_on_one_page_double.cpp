#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>

#include "damla/data/token_batch.hpp"
#include "damla/models/gpt.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/adamw.hpp"
#include "helpers/catch.hpp"

// examples/06_gpt_block/one_page/gpt.cpp and the library train the same model: from the same
// weights, on the same batches, they print the same losses.
using namespace damla;

namespace {
const std::string folder = DAMLA_ROOT "/examples/06_gpt_block/one_page/";

/// The page's generator, written once more.
struct Mmix {
  std::uint64_t state = 1;
  double uniform() {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(state >> 11) / 9007199254740992.0;
  }
};

/// All names as one text, and every letter's number in the order in which it first comes.
Tokens read_names() {
  std::ifstream file(folder + "names.txt");
  std::string all = "\n";
  for (std::string line; std::getline(file, line);)
    if (line[0] != '#') all += line + "\n";
  Tokens text;
  std::map<std::string, Token> numbers;
  for (std::size_t i = 0, next; i < all.size(); i = next) {
    next = i + 1;
    while (next < all.size() && (static_cast<unsigned char>(all[next]) & 0xC0) == 0x80) ++next;
    const auto number = static_cast<Token>(numbers.size());
    text.push_back(numbers.try_emplace(all.substr(i, next - i), number).first->second);
  }
  return text;
}

/// The library's losses, of each step.
std::vector<double> library_losses(Index steps) {
  Mmix mmix;
  const Tokens text = read_names();
  const Token most = *std::max_element(text.begin(), text.end());
  const GptOptions size{
      .vocab_size = most + 1, .context = 12, .channels = 32, .heads = 4, .layers = 2};
  Random random(1);
  Gpt<> model(size, random);
  model.visit_parameters([&](std::string_view, Parameter& p) {
    if (p.value.rows() == 1) return;  // biases and norms begin as they are
    for (Index i = 0; i < p.value.size(); ++i) p.value.data()[i] = 0.1 * (2 * mmix.uniform() - 1);
  });
  AdamW optimizer{.learning_rate = 3e-3};
  CrossEntropy cross_entropy;
  TokenBatch batch(16, size.context);
  std::vector<double> losses;
  for (Index step = 0; step < steps; ++step) {
    batch.tokens.clear(), batch.targets.clear();
    for (int b = 0; b < 16; ++b) {
      const auto from =
          static_cast<std::ptrdiff_t>(mmix.uniform() * static_cast<double>(std::ssize(text) - 12));
      const auto begin = text.begin() + from;
      batch.tokens.insert(batch.tokens.end(), begin, begin + 12);
      batch.targets.insert(batch.targets.end(), begin + 1, begin + 13);
    }
    zero_gradients(model);
    losses.push_back(cross_entropy.forward(model.forward(batch), batch.targets));
    model.backward(batch, cross_entropy.backward(model.logits, batch.targets));
    optimizer.step(model);
  }
  return losses;
}
}  // namespace

TEST_CASE("the GPT on one page has the library's losses", "[lessons]") {
  const std::string printed = (std::filesystem::temp_directory_path() /
                               ("damla_one_page_" + std::to_string(std::random_device()())))
                                  .string();
  const std::string program = std::string(DAMLA_LESSONS) + "/gpt_on_one_page";
  REQUIRE(std::system(
              ("\"" + program + "\" \"" + folder + "names.txt\" > \"" + printed + "\"").c_str()) ==
          0);
  std::vector<std::pair<Index, double>> page;
  {
    std::ifstream file(printed);
    Index step = 0;
    double loss = 0;
    for (std::string line; std::getline(file, line);)
      if (std::sscanf(line.c_str(), "step %td loss %lf", &step, &loss) == 2)
        page.emplace_back(step, loss);
  }
  std::filesystem::remove(printed);
  REQUIRE(page.size() >= 50);
  const std::vector<double> library = library_losses(page.back().first + 1);
  for (const auto& [step, loss] : page) {
    CAPTURE(step);
    CHECK(loss == Approx(library[static_cast<std::size_t>(step)]).margin(1e-5).epsilon(0));
  }
  CHECK(page.back().second < 0.75 * page.front().second);  // and it has learned
}

TEST_CASE("the GPT on one page has under 200 lines", "[lessons]") {
  std::ifstream file(folder + "gpt.cpp");
  int lines = 0;
  for (std::string line; std::getline(file, line);) ++lines;
  CHECK(lines > 100);
  CHECK(lines < 200);
}
