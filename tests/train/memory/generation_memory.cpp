// What generating takes from the system when the prompt fills the context.
#include "damla/generate/generate.hpp"
#include "damla/models/size.hpp"
#include "helpers/catch.hpp"
#include "train/memory/peak.hpp"

using namespace damla;

TEST_CASE("generating at the full context takes the memory that generation_memory says",
          "[memory]") {
  const GptOptions options{
      .vocab_size = 500, .context = 1024, .channels = 256, .heads = 8, .layers = 3};
  Random random(1);
  Gpt<> model(options, random);
  const double weights = sizeof(Scalar) * static_cast<double>(parameter_count(options)),
               before = peak_memory();
  generate_greedy(model, Tokens(1024, 3), 1);
  CHECK(peak_memory() - before == Approx(generation_memory(options) - weights).epsilon(0.05));
}
