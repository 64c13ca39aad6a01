#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "damla/models/gpt.hpp"
#include "damla/models/text_classifier.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/adamw.hpp"
#include "damla/optim/clip.hpp"
#include "damla/train/safetensors.hpp"
#include "helpers/catch.hpp"

// Against PyTorch, which computed the fixtures in double precision: fixtures/torch/make_gpt.py.
using namespace damla;

namespace {
/// PyTorch's ten steps, and its weights, logits and gradients before the first.
struct Reference {
  explicit Reference(const std::string& name)
      : path(DAMLA_FIXTURES "/torch/" + name + ".safetensors"),
        file(read_tensors(path)),
        run(nlohmann::json::parse(std::ifstream(DAMLA_FIXTURES "/torch/" + name + ".json"))) {
    for (const auto& b : run.at("batches")) {
      TokenBatch batch;
      batch.T = size("context");
      batch.tokens = b.at("tokens").get<Tokens>(), batch.targets = b.at("targets").get<Tokens>();
      batch.lengths = b.at("lengths").get<std::vector<Index>>();
      batch.B = std::ssize(batch.lengths);
      batches.push_back(std::move(batch));
    }
  }
  Index size(const char* key) const { return run.at(key); }
  Scalar number(const char* key) const { return run.at(key); }

  std::string path;
  TensorFile file;
  nlohmann::json run;
  std::vector<TokenBatch> batches;
};

/// forward(texts) returns logits, backward(texts, dlogits) adds to the gradients.
void compare(const Reference& r, auto& model, auto&& forward, auto&& backward) {
  load_model(r.path, model);
  AdamW optimizer{.learning_rate = r.number("rate"),
                  .beta1 = r.number("beta1"),
                  .beta2 = r.number("beta2"),
                  .epsilon = r.number("epsilon"),
                  .weight_decay = r.number("decay")};
  CrossEntropy cross_entropy;
  for (std::size_t step = 0; step < r.batches.size(); ++step) {
    const TokenBatch& texts = r.batches[step];
    const Tokens& targets = texts.targets;
    CAPTURE(step);
    const Matrix& logits = forward(texts);
    const double loss = cross_entropy.forward(logits, targets);
    zero_gradients(model);
    backward(texts, cross_entropy.backward(logits, targets));
    CHECK(std::abs(loss - r.run.at("losses").at(step).template get<double>()) <
          (step == 0 ? 1e-5 : 1e-4));
    CHECK(gradient_norm(model) ==
          Approx(r.run.at("norms").at(step).template get<double>()).epsilon(1e-4));

    if (step == 0) {
      const Matrix& expected_logits = r.file.tensors.at("logits");
      REQUIRE(logits.rows() == expected_logits.rows());
      CHECK((logits - expected_logits).cwiseAbs().maxCoeff() < Scalar(1e-5));
      std::size_t seen = 0;
      model.visit_parameters([&](std::string_view name, Parameter& p) {
        INFO(name);
        ++seen;
        const Matrix& expected = r.file.tensors.at("grad." + std::string(name));
        REQUIRE(expected.size() == p.grad().size());
        CHECK((p.grad() - expected).norm() < Scalar(1e-4) * expected.norm());
        const Scalar floor =
            Scalar(0.01) *
            expected.cwiseAbs().maxCoeff();  // below, rounding of what cancels out is seen
        Scalar furthest = 0;
        for (Index i = 0; i < expected.size(); ++i) {
          const Scalar g = expected.data()[i],
                       distance = std::abs(p.grad().data()[i] - g) / std::max(std::abs(g), floor);
          if (!(distance <= furthest)) furthest = distance;  // NaN counts
        }
        CHECK(furthest < Scalar(1e-4));
      });
      CHECK(r.file.tensors.size() ==
            2 * seen + 1);  // no weight of PyTorch's is without a place here
    }
    optimizer.step(model, clip_scale(model, r.run.at("max_norm").template get<double>()));
  }
}

void compare_gpt(const std::string& name, bool tied) {
  const Reference r(name);
  Random random(1);
  Gpt<> model({.vocab_size = r.size("vocab_size"),
               .context = r.size("context"),
               .channels = r.size("channels"),
               .heads = r.size("heads"),
               .layers = r.size("layers"),
               .tied = tied},
              random);
  compare(
      r, model,
      [&](const TokenBatch& texts) -> const Matrix& {
        return model.forward(texts.tokens, texts.T);
      },
      [&](const TokenBatch& texts, const Matrix& dlogits) {
        model.backward(texts.tokens, dlogits, texts.T);
      });
}
}  // namespace

TEST_CASE("a GPT with a tied head computes and learns as PyTorch's", "[models]") {
  compare_gpt("gpt_tied", true);
}
TEST_CASE("a GPT with a head of its own computes and learns as PyTorch's", "[models]") {
  compare_gpt("gpt_untied", false);
}

TEST_CASE("a classifier of padded texts computes and learns as PyTorch's", "[models]") {
  const Reference r("classifier");
  Random random(1);
  TransformerClassifier<> model({.vocab_size = r.size("vocab_size"),
                                 .context = r.size("context"),
                                 .channels = r.size("channels"),
                                 .heads = r.size("heads"),
                                 .layers = r.size("layers"),
                                 .classes = r.size("classes")},
                                random);
  compare(
      r, model, [&](const TokenBatch& texts) -> const Matrix& { return model.forward(texts); },
      [&](const TokenBatch& texts, const Matrix& dlogits) { model.backward(texts, dlogits); });
}
