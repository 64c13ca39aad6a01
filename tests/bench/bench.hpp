#pragma once

#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <string>

#include "damla/models/gpt.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The sizes that everything is measured at, and two with long contexts; run.py has the same.
struct BenchSize {
  std::string name;
  GptOptions options;
  Index B;
};
inline BenchSize bench_size(const std::string& name) {
  if (name == "nano")
    return {name, {.vocab_size = 256, .context = 64, .channels = 48, .heads = 3, .layers = 3}, 16};
  if (name == "tiny")
    return {
        name, {.vocab_size = 1024, .context = 128, .channels = 128, .heads = 4, .layers = 4}, 16};
  if (name == "small")
    return {
        name, {.vocab_size = 4096, .context = 256, .channels = 384, .heads = 6, .layers = 6}, 8};
  if (name == "gpt2")
    return {
        name, {.vocab_size = 50257, .context = 64, .channels = 768, .heads = 12, .layers = 12}, 4};
  for (const Index context : {1024, 4096})
    if (name == "tiny-" + std::to_string(context))
      return {name,
              {.vocab_size = 1024, .context = context, .channels = 128, .heads = 4, .layers = 4},
              context == 1024 ? 2 : 1};
  throw Error("bench_size: \"" + name +
              "\" is none of nano, tiny, small, gpt2, tiny-1024, tiny-4096");
}

/// Runs `step` once to warm up, says "ready", and then answers every line "SECONDS" on standard
/// input with a line "STEPS TIME": so that run.py can let two programs take turns.
template <class Step>
void serve(Step step) {
  step();
  fmt::print("ready\n"), std::fflush(stdout);
  for (double seconds = 0; std::scanf("%lf", &seconds) == 1;) {
    const auto start = std::chrono::steady_clock::now();
    double time = 0;
    long steps = 0;
    for (; time < seconds; ++steps) {
      step();
      time = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    fmt::print("{} {:.9f}\n", steps, time), std::fflush(stdout);
  }
}

}}  // namespace damla::DAMLA_ABI
