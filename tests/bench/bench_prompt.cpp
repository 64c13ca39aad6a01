// bench_prompt nano|tiny|small|gpt2 THREADS: reads a prompt as long as the context into an empty
// key/value cache, again and again; a step is one prompt. See serve() for what it reads and prints.
#include "bench.hpp"
#include "damla/core/random.hpp"

using namespace damla;

int main(int argc, char** argv) {
  if (argc != 3) return fmt::print(stderr, "bench_prompt nano|tiny|small|gpt2 THREADS\n"), 2;
  set_threads(std::stoi(argv[2]));
  Random random(1);
  Gpt<> model(bench_size(argv[1]).options, random);
  model.set_training(false);
  Tokens prompt(static_cast<std::size_t>(model.options.context));
  for (Token& token : prompt) token = static_cast<Token>(random.below(model.options.vocab_size));
  TransformerCache cache = model.make_cache();
  serve([&] {
    for (KeyValueCache& layer : cache.layers) layer.length = 0;
    model.forward_next(prompt, cache);
  });
}
