// What training takes from the heap, counted: a program of its own, because it puts its own malloc
// in front of the system's.
#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "damla/data/token_batch.hpp"
#include "damla/models/gpt.hpp"
#include "damla/models/llama.hpp"
#include "damla/models/text_classifier.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/adamw.hpp"
#include "damla/optim/clip.hpp"
#include "helpers/catch.hpp"

namespace {
struct Count {
  std::atomic<bool> on{false};
  std::atomic<long> calls{0}, frees{0};
  std::atomic<std::size_t> smallest{0};
} counted;

void note(std::size_t size) {
  if (!counted.on.load(std::memory_order_relaxed)) return;
  ++counted.calls;
  for (std::size_t least = counted.smallest;
       size < least && !counted.smallest.compare_exchange_weak(least, size);) {
  }
}

template <class F>
F next(const char* name) {
  return reinterpret_cast<F>(dlsym(RTLD_NEXT, name));
}
// dlsym itself may ask for memory, before there is a calloc to ask.
alignas(16) char early[4096];
std::size_t early_used = 0;
}  // namespace

extern "C" {  // declared in the standard headers, as noexcept in glibc
void* malloc(std::size_t size) noexcept {
  static const auto real = next<void* (*)(std::size_t)>("malloc");
  note(size);
  return real(size);
}
void* calloc(std::size_t n, std::size_t size) noexcept {
  static void* (*real)(std::size_t, std::size_t) = nullptr;
  static bool looking = false;
  if (real == nullptr) {
    if (looking) {
      void* p = early + early_used;
      early_used += (n * size + 15) / 16 * 16;
      return early_used <= sizeof early ? p : nullptr;
    }
    looking = true;
    real = next<void* (*)(std::size_t, std::size_t)>("calloc");
  }
  note(n * size);
  return real(n, size);
}
void* realloc(void* p, std::size_t size) noexcept {
  static const auto real = next<void* (*)(void*, std::size_t)>("realloc");
  note(size);
  return real(p, size);
}
int posix_memalign(void** p, std::size_t alignment, std::size_t size) noexcept {
  static const auto real = next<int (*)(void**, std::size_t, std::size_t)>("posix_memalign");
  note(size);
  return real(p, alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  static const auto real = next<void* (*)(std::size_t, std::size_t)>("aligned_alloc");
  note(size);
  return real(alignment, size);
}
void free(void* p) noexcept {
  static const auto real = next<void (*)(void*)>("free");
  if (p >= early && p < early + sizeof early) return;
  if (p != nullptr && counted.on.load(std::memory_order_relaxed)) ++counted.frees;
  real(p);
}
}

using namespace damla;

namespace {
struct Taken {
  long calls, frees;
  std::size_t smallest;  // bytes
};
Taken count(auto&& work) {
  counted.calls = counted.frees = 0, counted.smallest = ~std::size_t{0};
  counted.on = true;
  work();
  counted.on = false;
  return {counted.calls, counted.frees, counted.smallest};
}

/// A model and all that one step of its training takes.
template <class Model>
struct TrainingOf {
  Random random{1};
  Model model;
  Tokens text;
  TokenBatch batch;
  CrossEntropy cross_entropy;
  AdamW optimizer;

  TrainingOf(const decltype(Model::options)& options, Index B)
      : model(options, random), batch(B, options.context) {
    for (int i = 0; i < 1000; ++i)
      text.push_back(static_cast<Token>(random.below(options.vocab_size)));
  }
  void step() {
    batch.draw(text, random);
    const Matrix& logits = model.forward(batch.tokens, batch.T);
    cross_entropy.forward(logits, batch.targets);
    zero_gradients(model);
    model.backward(batch.tokens, cross_entropy.backward(logits, batch.targets), batch.T);
    optimizer.step(model, clip_scale(model, 1.0));
  }
};

using Training = TrainingOf<Gpt<>>;

/// Resident memory in KB, from the kernel.
long resident() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == "VmRSS:") {
      long kb = 0;
      status >> kb;
      return kb;
    }
  return 0;
}
}  // namespace

TEST_CASE("the count notices every way to ask for memory", "[train]") {
  CHECK(count([] {}).calls == 0);
  const auto bytes = [](auto&& ask) {
    void* volatile p = nullptr;  // volatile: or the compiler leaves the pair out
    const Taken taken = count([&] { p = ask(), std::free(p); });
    return taken.calls == 1 && taken.frees == 1 ? taken.smallest : 0;
  };
  CHECK(bytes([] { return std::malloc(101); }) == 101);
  CHECK(bytes([] { return std::calloc(3, 34); }) == 102);
  CHECK(bytes([] { return std::realloc(nullptr, 103); }) == 103);
  CHECK(bytes([] { return std::aligned_alloc(64, 192); }) == 192);
  CHECK(bytes([] { return ::operator new(105); }) == 105);
  CHECK(bytes([] {
          void* p = nullptr;
          return posix_memalign(&p, 64, 106) == 0 ? p : nullptr;
        }) == 106);
  Matrix m;
  CHECK(count([&] { m.resize(30, 30); }).calls == 1);
  CHECK(count([&] { m.resize(900, 1); }).calls == 0);  // as many numbers: the same memory
}

TEST_CASE("a step of training takes nothing from the heap once the first is done", "[train]") {
  set_threads(1);
  for (const bool tied : {true, false})
    for (const Scalar dropout : {Scalar(0), Scalar(0.1)}) {
      CAPTURE(tied, dropout);
      // Small enough for Eigen's product to keep its scratch on the stack.
      Training training({.vocab_size = 40,
                         .context = 16,
                         .channels = 32,
                         .heads = 4,
                         .layers = 2,
                         .tied = tied,
                         .dropout = dropout},
                        4);
      training.step(), training.step();
      CHECK(count([&] {
              for (int i = 0; i < 5; ++i) training.step();
            }).calls == 0);
    }
}

TEST_CASE("a step of a Llama's training takes nothing either", "[train]") {
  set_threads(1);
  TrainingOf<Llama<>> training({.vocab_size = 40,
                                .context = 16,
                                .channels = 32,
                                .heads = 4,
                                .key_value_heads = 2,
                                .qkv_bias = true,
                                .qk_norm = true},
                               4);
  training.step(), training.step();
  CHECK(count([&] {
          for (int i = 0; i < 5; ++i) training.step();
        }).calls == 0);
}

TEST_CASE("a larger step takes the product's own scratch, and gives it back", "[train]") {
  set_threads(1);
  Training training({.vocab_size = 1024, .context = 128, .channels = 128, .heads = 4, .layers = 2},
                    8);
  training.step(), training.step();
  const Taken step = count([&] { training.step(); });
  CHECK(step.calls == step.frees);
  // Eigen's product takes its scratch from the stack up to this size, so whatever is smaller is not
  // the product's.
  CHECK(step.smallest > EIGEN_STACK_ALLOCATION_LIMIT);
  const Taken again = count([&] { training.step(); });
  CHECK(again.calls == step.calls);  // constant shapes, constant count
}

TEST_CASE("a step of a padded classifier takes nothing either", "[train]") {
  set_threads(1);
  Random random(2);
  TransformerClassifier<> model(
      {.vocab_size = 20, .context = 8, .channels = 16, .heads = 2, .layers = 2, .classes = 3},
      random);
  const TokenBatch batch =
      TokenBatch::of(std::vector<Tokens>{{1, 2, 3, 4, 5, 6, 7, 8}, {5}, {2, 9, 6}});
  const Tokens labels{0, 2, 1};
  CrossEntropy cross_entropy;
  AdamW optimizer;
  const auto step = [&] {
    const Matrix& logits = model.forward(batch);
    cross_entropy.forward(logits, labels);
    zero_gradients(model);
    model.backward(batch, cross_entropy.backward(logits, labels));
    optimizer.step(model, clip_scale(model, 1.0));
  };
  step(), step();
  CHECK(count(step).calls == 0);
}

TEST_CASE("10,000 steps do not grow the process", "[train]") {
  Training training({.vocab_size = 16, .context = 8, .channels = 8, .heads = 2, .layers = 1}, 2);
  for (int i = 0; i < 500; ++i) training.step();
  const long before = resident();
  REQUIRE(before > 0);
  for (int i = 0; i < 10000; ++i) training.step();
  CHECK(resident() - before < 256);  // KB: 26 bytes a step would be seen
}
