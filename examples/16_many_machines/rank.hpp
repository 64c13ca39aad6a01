#pragma once

// What each rank of lesson 16 does: it trains together with the others, and measures.

#include <algorithm>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "damla/core/files.hpp"
#include "damla/damla.hpp"
#include "worlds/next_word.hpp"

namespace damla::worlds {

/// What all ranks are told.
struct Task {
  std::uint64_t seed = 1;
  Index steps = 20, batch = 16;
  bool average = true, sharded = false, ping = false;
  bool overlap = true;  ///< gradients are sent while backward goes on
  double late = 0;      ///< seconds that the last rank loses in each step
  std::string out{};    ///< where rank 0 writes what came of it

  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Task, seed, steps, batch, average, sharded, ping, overlap, late,
                                 out)
};

/// What came of it.
struct Trained {
  Index ranks = 1;
  std::vector<double> losses{};
  std::uint64_t bits = 0;         ///< of all weights, as one number
  double apart = 0;               ///< the largest difference of a weight from rank 0's
  std::vector<double> moments{};  ///< bytes, of each rank
  double seconds = 0;             ///< of a step, the median
  double bytes = 0;               ///< of all gradients …
  Index matrices = 0;             ///< … and in how many matrices they are
  double latency = 0, bandwidth = 0;

  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Trained, ranks, losses, bits, apart, moments, seconds, bytes,
                                 matrices, latency, bandwidth)
};

/// How long it takes, so many times; the shortest comes first.
inline std::vector<double> seconds_of(Index times, auto&& work) {
  std::vector<double> seconds;
  for (Index i = 0; i < times; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(seconds.begin(), seconds.end());
  return seconds;
}

/// Trains a GPT on as many ranks as there are.
inline Trained train_together(const Task& task, Ranks& ranks) {
  // Data and model: each rank makes the same ones.
  Random random(task.seed);
  const MarkovSource source = next_word_source({.vocab_size = 1000});
  const Tokens text = source.draw(20000, random);
  Gpt<> model({.vocab_size = 1000, .context = 32, .channels = 64, .heads = 4, .layers = 3}, random);

  // Loop: as in lesson 07, but for three calls.
  TokenBatch batch(task.batch / ranks.count(), model.options.context);
  CrossEntropy cross_entropy;
  AdamW optimizer;
  DataParallel together(task.average ? &ranks : nullptr, task.sharded);
  Trained result{.ranks = ranks.count()};
  together.begin(model, optimizer);
  const std::vector<double> seconds = seconds_of(task.steps, [&] {
    batch.draw(text, random, ranks.share());
    zero_gradients(model);
    result.losses.push_back(together.learn(model, [&] {
      const Matrix& logits = model.forward(batch);
      const double loss = cross_entropy.forward(logits, batch.targets);
      const Matrix& dlogits = cross_entropy.backward(logits, batch.targets);
      if (task.overlap) together.backward(model, batch, dlogits);
      else model.backward(batch, dlogits);
      if (ranks.rank() == ranks.count() - 1)
        std::this_thread::sleep_for(std::chrono::duration<double>(task.late));
      return loss;
    }));
    together.update(model, optimizer, 1.0);
  });

  // Figures.
  result.seconds = seconds[seconds.size() / 2];
  result.bits = 14695981039346656037u;  // FNV-1a
  model.visit_parameters([&](std::string_view, Parameter& p) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(p.value.data());
    const auto size = sizeof(Scalar) * static_cast<std::size_t>(p.value.size());
    for (std::size_t i = 0; i < size; ++i) result.bits = (result.bits ^ bytes[i]) * 1099511628211u;
    result.bytes += static_cast<double>(size), ++result.matrices;
    Matrix first = p.value;
    ranks.broadcast(first);
    const auto difference = static_cast<double>((first - p.value).cwiseAbs().maxCoeff());
    result.apart = std::max(result.apart, ranks.sum(difference));
  });
  double own = 0;
  for (const AdamW::Moments& m : optimizer.moments)
    own +=
        static_cast<double>(sizeof(Scalar)) * static_cast<double>(m.first.size() + m.second.size());
  for (Index r = 0; r < ranks.count(); ++r)
    result.moments.push_back(ranks.sum(r == ranks.rank() ? own : 0));
  return result;
}

/// How long two ranks take for the sum of one number, and of a million: what lies between them. The
/// shortest of several: other programs on the same machine only make it longer.
inline void ping(Trained& result, Ranks& ranks) {
  Matrix small = Matrix::Zero(1, 1), large = Matrix::Zero(1000, 1000);
  const auto shortest = [&](Matrix& m, Index times) {
    return seconds_of(times, [&] { ranks.start_all_reduce(m), ranks.wait(); }).front();
  };
  const double nothing = shortest(small, 100), all = shortest(large, 10);
  result.latency = nothing / 2;  // there and back, as a ring of two goes round twice
  result.bandwidth =
      static_cast<double>(sizeof(Scalar)) * static_cast<double>(large.size()) / (all - nothing);
}

/// main, where mpirun has started the lesson: `16_many_machines --as-rank FILE`, which holds the
/// task.
inline int as_rank(const std::string& file) {
  Ranks ranks;
  std::ifstream in(file);
  const Task task = nlohmann::json::parse(in).get<Task>();
  Trained result = train_together(task, ranks);
  if (task.ping) ping(result, ranks);
  if (ranks.first()) write_file_whole(task.out, nlohmann::json(result).dump());
  return 0;
}

}  // namespace damla::worlds
