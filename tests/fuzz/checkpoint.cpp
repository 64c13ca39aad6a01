// Any bytes as a run to be taken up: what is refused changes nothing.
#include "damla/train/checkpoint.hpp"

#include "framed.hpp"
#include "fuzz.hpp"

using namespace damla;

namespace {
struct Run {
  Random random{1};
  Gpt<> model{{.vocab_size = 2, .context = 1, .channels = 2, .heads = 2, .layers = 1}, random};
  AdamW optimizer;

  void step() {
    const Tokens token{1};
    model.forward(token, 1);
    zero_gradients(model);
    model.backward(token, Matrix::Ones(1, 2), 1);
    optimizer.step(model);
  }
  std::string saved() {
    return written(
        [&](const std::string& path) { save_checkpoint(path, model, optimizer, random, 7); });
  }
  double sum() {
    double total = static_cast<double>(optimizer.steps) + static_cast<double>(random.state().state);
    model.visit_parameters([&](std::string_view, Parameter& p) { total += p.value.sum(); });
    for (const auto& m : optimizer.moments) total += m.first.sum() + m.second.sum();
    return total;
  }
};
}  // namespace

std::vector<std::string> seeds() {
  Run run;
  const std::string first = run.saved();
  run.step();
  const std::string second = run.saved();
  return {first, unframed(first), second, unframed(second)};
}

void check(std::string_view bytes) {
  static const Run fresh;
  static Run run;
  const std::string path = memory_file(framed(bytes));
  const double before = run.sum();
  may_refuse([&] {
    try {
      must(load_checkpoint(path, run.model, run.optimizer, run.random) >= 0);
    } catch (const Error&) {
      must(run.sum() == before);
      throw;
    }
    run = fresh;
  });
}
