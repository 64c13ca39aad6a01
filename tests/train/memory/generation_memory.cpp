// What generating takes from the system when the prompt fills the context.
#include <malloc.h>

#include "damla/generate/generate.hpp"
#include "damla/models/size.hpp"
#include "helpers/catch.hpp"
#include "train/memory/peak.hpp"

using namespace damla;

namespace {
template <class Model>
void check(const decltype(Model::options)& options) {
  Random random(1);
  mallopt(M_MMAP_THRESHOLD, 1 << 16);  // what is freed goes back at once, and leaves no holes
  Model model(options, random);
  const double weights = sizeof(Scalar) * static_cast<double>(parameter_count(options)),
               before = peak_memory();
  generate_greedy(model, Tokens(static_cast<std::size_t>(options.context), 3), 1);
  CHECK(peak_memory() - before == Approx(generation_memory(options) - weights).epsilon(0.05));
}
}  // namespace

TEST_CASE("generating at the full context takes the memory that generation_memory says",
          "[memory]") {
  check<Gpt<>>({.vocab_size = 500, .context = 4096, .channels = 256, .heads = 8, .layers = 3});
}

TEST_CASE("generating with a Llama at the full context takes what generation_memory says",
          "[memory]") {
  check<Llama<>>({.vocab_size = 500,
                  .context = 4096,
                  .channels = 256,
                  .heads = 8,
                  .key_value_heads = 2,
                  .layers = 3});
}
