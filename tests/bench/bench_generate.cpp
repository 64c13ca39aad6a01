// bench_generate nano|tiny|small|gpt2 THREADS: greedy generation with the key/value cache, from one
// token to a full context, again and again; a step is one token. See serve() for what it reads and
// prints.
#include "bench.hpp"

using namespace damla;

int main(int argc, char** argv) {
  if (argc != 3) return fmt::print(stderr, "bench_generate nano|tiny|small|gpt2 THREADS\n"), 2;
  set_threads(std::stoi(argv[2]));
  const BenchSize size = bench_size(argv[1]);
  Random random(1);
  Gpt<> model(size.options, random);
  model.set_training(false);
  TransformerCache cache = model.make_cache();
  Token token = 0;
  serve([&] {
    if (cache.length() == size.options.context)
      for (KeyValueCache& layer : cache.layers) layer.length = 0;
    Index best = 0;
    model.forward_next(TokenSpan(&token, 1), cache).row(0).maxCoeff(&best);
    token = static_cast<Token>(best);
  });
}
