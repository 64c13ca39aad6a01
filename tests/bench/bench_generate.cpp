// bench_generate nano|tiny|small|gpt2|smollm2 THREADS [f32|f16|bf16|q8_0]: greedy generation with
// the key/value cache, from one token to a full context, again and again; a step is one token. With
// a type of weights, by a CompactModel. See serve() for what it reads and prints.
#include "bench.hpp"
#include "damla/generate/compact_model.hpp"

using namespace damla;

namespace {
void generate_on(auto& model) {
  TransformerCache cache = model.make_cache();
  Token token = 0;
  serve([&] {
    if (cache.length() == model.options.context)
      for (KeyValueCache& layer : cache.layers) layer.length = 0;
    Index best = 0;
    model.forward_next(TokenSpan(&token, 1), cache).row(0).maxCoeff(&best);
    token = static_cast<Token>(best);
  });
}

/// The shape of SmolLM2-135M, with a short context.
LlamaOptions smollm2() {
  LlamaOptions o{.vocab_size = 49152, .context = 64, .channels = 576, .heads = 9};
  o.key_value_heads = 3, o.inner = 1536, o.layers = 30;
  return o;
}

template <class Model>
void run(const auto& options, const char* type) {
  Random random(1);
  if (type != nullptr) {
    CompactModel compact(Model(options, random), weight_type(type));
    return generate_on(compact);
  }
  Model model(options, random);
  model.set_training(false);
  generate_on(model);
}
}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4)
    return fmt::print(stderr,
                      "bench_generate nano|tiny|small|gpt2|smollm2 THREADS [f32|f16|bf16|q8_0]\n"),
           2;
  set_threads(std::stoi(argv[2]));
  const std::string size = argv[1];
  const char* const type = argc == 4 ? argv[3] : nullptr;
  if (size == "smollm2") run<Llama<>>(smollm2(), type);
  else run<Gpt<>>(bench_size(size).options, type);
}
