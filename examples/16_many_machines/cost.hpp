#pragma once

// What a step on many machines should take, by arithmetic.

#include "damla/models/size.hpp"

namespace damla::worlds {

/// What lies between two machines.
struct Link {
  double bandwidth;    // bytes a second, each way
  double latency = 0;  // seconds, until the first byte is there
};

/// The share of a matrix that each of n machines sends in an all-reduce, at the least.
constexpr double sent_share(double n) { return 2 * (n - 1) / n; }

/// The seconds of a ring all-reduce: 2(n−1) rounds, each with an n-th of the bytes.
constexpr double ring_seconds(double n, double bytes, const Link& link) {
  return sent_share(n) * bytes / link.bandwidth + 2 * (n - 1) * link.latency;
}

/// A step that one machine does in `work` seconds, and after which `bytes` of gradients are summed.
struct Step {
  double work, bytes;
  Link link;

  double seconds(double n) const { return work / n + ring_seconds(n, bytes, link); }
  /// The work of how many machines n of them do.
  double worth(double n) const { return work / seconds(n); }
};

/// The arithmetic of training on so many tokens: two operations for each parameter and token
/// forward, four backward (Kaplan et al., 2020, section 2.1).
constexpr double training_operations(double parameters, double tokens) {
  return 6 * parameters * tokens;
}

/// GPT-3 on machines of one A100 each: 312·10¹² operations a second in 16 bits, 80 GB of memory,
/// 200 Gb/s to all others, and 300 GB/s to the seven in the same box.
struct Gpt3 {
  double parameters = static_cast<double>(parameter_count(gpt3));
  double batch = 1536, tokens = 1536 * 2048;  // in a step, sequences and tokens
  double speed = 312e12;
  Link network{.bandwidth = 25e9}, box{.bandwidth = 300e9};

  double work() const { return training_operations(parameters, tokens) / speed; }
  /// Gradients of 16 bits, all of them on each machine.
  Step data_parallel(const Link& link) const { return {work(), 2 * parameters, link}; }
};

/// How GPT-3 is cut: `data` copies, each matrix among `tensor` machines, the layers among
/// `pipeline`. What one machine holds, and sends in a step, in bytes.
struct Cut {
  double data = 1, tensor = 1, pipeline = 1;

  double machines() const { return data * tensor * pipeline; }
  double held(const Gpt3& g) const { return g.parameters / (tensor * pipeline); }
  /// Weights and gradients of 16 bits, and 12 bytes for AdamW: a copy in 32 bits, two moments.
  double memory(const Gpt3& g) const { return 16 * held(g); }
  /// Numbers of 16 bits between two layers, for the tokens of one copy.
  double stream(const Gpt3& g) const {
    return 2 * g.tokens / data * static_cast<double>(gpt3.channels);
  }
  double gradients(const Gpt3& g) const { return sent_share(data) * 2 * held(g); }
  /// Each half of a block sums its results over the machines that share it, forward and backward.
  double sums(const Gpt3& g) const {
    return 4 * static_cast<double>(gpt3.layers) / pipeline * sent_share(tensor) * stream(g);
  }
  /// The stream goes on to the next machine, its gradient comes back.
  double onward(const Gpt3& g) const { return pipeline > 1 ? 2 * stream(g) : 0; }
  /// Machines wait while the first sequence comes down the line and the last goes up.
  double idle(const Gpt3& g) const { return (pipeline - 1) / (g.batch / data); }
  double seconds(const Gpt3& g) const {
    return g.work() / machines() * (1 + idle(g)) +
           (gradients(g) + onward(g)) / g.network.bandwidth + sums(g) / g.box.bandwidth;
  }
};

}  // namespace damla::worlds
