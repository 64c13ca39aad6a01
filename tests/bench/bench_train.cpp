// bench_train nano|tiny|small|gpt2|mlp|peak THREADS: one training step after the other (forward,
// backward, AdamW; for mlp, 784-128-10 with SGD), or, for peak, 10^9 fused multiply-adds a thread
// as fast as the processor can. See serve() for what it reads and prints.
// bench_train about: its compiler, and the widest instructions that it may use.
#include "bench.hpp"
#include "damla/data/token_batch.hpp"
#include "damla/models/mlp.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/adamw.hpp"
#include "damla/optim/sgd.hpp"

using namespace damla;

namespace {
void train_gpt(const std::string& name) {
  const BenchSize size = bench_size(name);
  Random random(1);
  Gpt<> model(size.options, random);
  AdamW adamw;
  CrossEntropy loss;
  Tokens text(100'000);
  for (Token& token : text) token = static_cast<Token>(random.below(size.options.vocab_size));
  TokenBatch batch(size.B, size.options.context);
  serve([&] {
    batch.draw(text, random);
    model.forward(batch.tokens, batch.T);
    loss.replace_by_gradient(model.logits, batch.targets);
    zero_gradients(model);
    model.backward(batch.tokens, model.logits, batch.T);
    adamw.step(model);
  });
}

void train_mlp() {
  Random random(1);
  Mlp<> model(784, 128, 10, random);
  Sgd sgd;
  CrossEntropy loss;
  Matrix x(64, 784);
  random.fill_uniform(x, 0, 1);
  Tokens classes(64);
  for (Token& c : classes) c = static_cast<Token>(random.below(10));
  serve([&] {
    const Matrix& logits = model.forward(x);
    loss.forward(logits, classes);
    zero_gradients(model);
    model.backward(x, loss.backward(logits, classes));
    sgd.step(model);
  });
}

#if defined(__AVX512F__)
constexpr int width = 64;
constexpr const char* instructions = "AVX-512";
#elif defined(__AVX2__)
constexpr int width = 32;
constexpr const char* instructions = "AVX2";
#else
constexpr int width = 16;
constexpr const char* instructions = "vectors of 128 bits";
#endif

#if defined(__clang__)
constexpr const char* compiler = __VERSION__;
#elif defined(__GNUC__)
constexpr const char* compiler = "GCC " __VERSION__;
#else
constexpr const char* compiler = "MSVC";
#endif

#if defined(__GNUC__)
typedef float Vector __attribute__((vector_size(width)));

/// A step is 10^9 fused multiply-adds (2·10^9 operations) on each thread, in 12 independent chains
/// that never leave the registers.
void peak() {
  constexpr int chains = 12, lanes = width / 4;
  serve([&] {
    parallel_for(threads(), [&](Index) {
      Vector a[chains];
      for (int k = 0; k < chains; ++k) a[k] = Vector{} + static_cast<float>(k);
      Vector b = Vector{} + 0.999F, c = Vector{} + 0.001F;
      asm volatile("" : "+m"(b), "+m"(c));
      for (int i = 0; i < 1'000'000'000 / (chains * lanes); ++i)
#pragma GCC unroll 12
        for (int k = 0; k < chains; ++k) a[k] = a[k] * b + c;
      asm volatile("" : : "m"(a));
    });
  });
}
#else
void peak() { throw Error("bench_train: peak needs GCC's vector types"); }
#endif
}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && argv[1] == std::string("about"))
    return fmt::print("{}\n{}\n", compiler, instructions), 0;
  if (argc != 3)
    return fmt::print(stderr, "bench_train nano|tiny|small|gpt2|mlp|peak THREADS, or about\n"), 2;
  set_threads(std::stoi(argv[2]));
  const std::string what = argv[1];
  if (what == "mlp") train_mlp();
  else if (what == "peak") peak();
  else train_gpt(what);
}
