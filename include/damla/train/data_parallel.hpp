#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "damla/core/random.hpp"
#include "damla/optim/adamw.hpp"
#include "damla/optim/clip.hpp"
#include "damla/train/ranks.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Training on many machines: each rank has the whole model and its own part of each batch, and
/// their gradients are averaged, so that all take the same step. n ranks learn as one does with a
/// batch n times as large, up to rounding; only dropout draws other numbers.
///
///     Ranks ranks;
///     DataParallel together(&ranks);
///     together.begin(model, optimizer);
///     for (…) {
///       zero_gradients(model);
///       loss = together.learn(model, [&] { … forward …; together.backward(model, batch, dlogits);
///                                          return loss_of_this_rank; });
///       together.update(model, optimizer, 1.0);
///     }
///
/// `minimize`, `train` and LanguageModelRun do this when they are given ranks. Alone, it is
/// backward, clip_scale and AdamW::step.
///
/// Sharded, each rank has AdamW's moments for its share of each parameter's rows only, updates
/// these, and collects the others' (ZeRO stage 1: Rajbhandari et al., 2020, section 5.1). As much
/// is sent: the update stands between the two halves of the all-reduce.
class DataParallel {
 public:
  /// Without ranks it is alone.
  explicit DataParallel(Ranks* ranks = nullptr, bool sharded = false)
      : ranks_(ranks != nullptr ? *ranks : Ranks::alone()), sharded_(sharded) {}

  Ranks& ranks() const { return ranks_; }

  /// All begin with rank 0's weights; the optimizer learns which rows are its own.
  void begin(auto& model, AdamW& optimizer) {
    visit_learned(model, [&](std::string_view, Parameter& p) { ranks_.broadcast(p.value); });
    optimizer.share = rows();
  }

  /// Calls work(), which is forward, loss and backward of this rank's part, and returns the mean of
  /// the ranks' losses. Dropout draws from generators of this rank's own meanwhile. The model's
  /// are the same on all ranks before and after: so a checkpoint fits any number of them.
  double learn(auto& model, auto&& work) {
    if (ranks_.count() == 1) return work();
    generators_.clear();
    visit_generators(model, [&](Random& random) {
      const std::uint64_t seed = random.next();
      generators_.push_back(random);
      random = Random(seed, static_cast<std::uint64_t>(ranks_.rank()));
    });
    const double loss = work();
    auto kept = generators_.begin();
    visit_generators(model, [&](Random& random) { random = *kept++; });
    return ranks_.sum(loss) / static_cast<double>(ranks_.count());
  }

  /// model.backward; where the model tells which gradients are complete, they are sent while it
  /// goes on with the layers before them.
  void backward(auto& model, const auto& batch, const ConstMatrixRef& dlogits) {
    const auto ready = [this](Parameter& p) { send(p); };
    if constexpr (requires { model.backward_telling(ready, batch.tokens, dlogits, batch.T); })
      model.backward_telling(ready, batch.tokens, dlogits, batch.T);
    else model.backward(batch, dlogits);
  }

  /// Every gradient becomes the mean of the ranks'; sharded, only in this rank's rows.
  void average(auto& model) {
    if (ranks_.count() == 1) return;
    visit_learned(model, [&](std::string_view, Parameter& p) {
      if (std::find(sent_.begin(), sent_.end(), &p) == sent_.end()) send(p);
    });
    ranks_.wait();
    sent_.clear();
    visit_learned(model, [&](std::string_view, Parameter& p) {
      rows().rows_of(p.grad()) /= static_cast<Scalar>(ranks_.count());
    });
  }

  /// Averages, clips and steps. Throws Error as clip_scale and AdamW::step do.
  void update(auto& model, AdamW& optimizer, double clip_norm) {
    average(model);
    double norm = gradient_norm(model, rows());
    if (sharded_) norm = std::sqrt(ranks_.sum(norm * norm));
    optimizer.step(model, clip_scale(norm, clip_norm));
    if (!sharded_) return;
    visit_learned(model, [&](std::string_view, Parameter& p) { ranks_.start_all_gather(p.value); });
    ranks_.wait();
  }

  /// Calls save(optimizer) on rank 0 alone, but with the moments of all: for that long it takes
  /// memory as if it were not sharded.
  void save_on_first(auto& model, const AdamW& optimizer, auto&& save) const {
    if (!sharded_) {
      if (ranks_.first()) save(optimizer);
      return;
    }
    AdamW whole = optimizer;
    whole.share = {};
    auto moments = whole.moments.begin();
    visit_learned(model, [&](std::string_view, Parameter& p) {
      if (moments == whole.moments.end()) return;  // before the first step
      for (Matrix* m : {&moments->first, &moments->second}) *m = ranks_.gather(*m, p.value.rows());
      ++moments;
    });
    if (ranks_.first()) save(whole);
  }

 private:
  /// The rows of each parameter that this rank updates.
  Share rows() const { return sharded_ ? ranks_.share() : Share{}; }

  void send(Parameter& p) {
    if (ranks_.count() == 1) return;
    if (sharded_) ranks_.start_reduce_scatter(p.grad());
    else ranks_.start_all_reduce(p.grad());
    sent_.push_back(&p);
  }

  Ranks& ranks_;
  bool sharded_;
  std::vector<const Parameter*> sent_;  // in this step so far
  std::vector<Random> generators_;      // the model's, during `learn`
};

}}  // namespace damla::DAMLA_ABI
