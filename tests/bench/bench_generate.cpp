// bench_generate nano|tiny|small|gpt2|smollm2 THREADS [f32|f16|bf16|q8_0 [TEXTS]]: greedy
// generation with the key/value cache, from one token to a full context, again and again; a step is
// one token. With a type of weights, by a CompactModel, and a step is one token of each text. See
// serve() for what it reads and prints.
#include <numeric>

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

void generate_together(CompactModel& model, int texts) {
  std::vector<TransformerCache> caches(static_cast<std::size_t>(texts), model.make_cache());
  std::vector<TransformerCache*> each;
  for (TransformerCache& cache : caches) each.push_back(&cache);
  Tokens tokens(caches.size());
  std::iota(tokens.begin(), tokens.end(), 0);
  serve([&] {
    for (TransformerCache& cache : caches)
      if (cache.length() == model.options.context)
        for (KeyValueCache& layer : cache.layers) layer.length = 0;
    const Matrix& logits = model.forward_next(tokens, each);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      Index best = 0;
      logits.row(static_cast<Index>(i)).maxCoeff(&best);
      tokens[i] = static_cast<Token>(best);
    }
  });
}

/// The shape of SmolLM2-135M, with a short context.
LlamaOptions smollm2() {
  LlamaOptions o{.vocab_size = 49152, .context = 64, .channels = 576, .heads = 9};
  o.key_value_heads = 3, o.inner = 1536, o.layers = 30;
  return o;
}

template <class Model>
void run(const auto& options, const char* type, int texts) {
  Random random(1);
  if (type != nullptr) {
    CompactModel compact(Model(options, random), weight_type(type));
    return generate_together(compact, texts);
  }
  Model model(options, random);
  model.set_training(false);
  generate_on(model);
}
}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || argc > 5)
    return fmt::print(stderr,
                      "bench_generate nano|tiny|small|gpt2|smollm2 THREADS "
                      "[f32|f16|bf16|q8_0 [TEXTS]]\n"),
           2;
  set_threads(std::stoi(argv[2]));
  const std::string size = argv[1];
  const char* const type = argc > 3 ? argv[3] : nullptr;
  const int texts = argc > 4 ? std::stoi(argv[4]) : 1;
  if (size == "smollm2") run<Llama<>>(smollm2(), type, texts);
  else run<Gpt<>>(bench_size(size).options, type, texts);
}
