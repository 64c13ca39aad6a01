// A run for ranks.py, on as many ranks as mpirun starts. Rank 0 prints each step's loss with all
// its digits, then a sum of the weights' bits and the bytes of AdamW's moments that each rank
// holds.
//     ranks_run STEPS [sharded] [dropout] [large] [file=F] [resume] [fail=RANK] [kill=RANK]
//     ranks_run STEPS two_lines    with train_language_model, where ranks are two lines more
//     ranks_run messages
// With a file it saves after each step. A rank may be told to fail, or to be killed, after step 10.
#include "damla/train/ranks.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string>

#include "damla/models/gpt.hpp"
#include "damla/train/language_model_run.hpp"

using namespace damla;

namespace {

void expect(bool good, const char* what) {
  if (!good) throw Error(what);
}

/// The messages themselves: sums of whole numbers have no rounding.
void messages(Ranks& ranks) {
  const Index n = ranks.count(), rows = 5;  // which 2 and 4 do not divide
  const auto mine = static_cast<Scalar>(ranks.rank() + 1);
  const auto total = static_cast<Scalar>(n * (n + 1) / 2);
  Matrix a = Matrix::Constant(rows, 3, mine), b = a, c = a;
  ranks.start_all_reduce(a), ranks.start_reduce_scatter(b), ranks.start_all_gather(c);
  ranks.wait();
  expect((a.array() == total).all(), "all-reduce: not the sum of all ranks' numbers");
  expect((ranks.share().rows_of(b).array() == total).all(), "reduce-scatter: not the sums");
  for (Share s{.part = 0, .parts = n}; s.part < n; ++s.part)
    expect((s.rows_of(c).array() == static_cast<Scalar>(s.part + 1)).all(),
           "all-gather: a rank's rows are not its own");
  const Matrix own = Matrix::Constant(ranks.share().size(rows), 3, mine);
  const Matrix whole = ranks.gather(own, rows);
  expect(ranks.first() ? whole == c : whole.size() == 0, "gather: not every rank's rows in order");
  Matrix d = Matrix::Constant(2, 2, mine);
  ranks.broadcast(d);
  expect((d.array() == 1).all(), "broadcast: not rank 0's");
  expect(ranks.sum(static_cast<double>(mine)) == static_cast<double>(total), "sum");
  expect(ranks.from_first(ranks.rank() + 7) == 7, "from_first: not rank 0's");
}

/// All bits of what was learned, in one number (FNV-1a).
std::uint64_t bits_of(Gpt<>& model) {
  std::uint64_t hash = 14695981039346656037u;
  model.visit_parameters([&](std::string_view, Parameter& p) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(p.value.data());
    for (std::size_t i = 0; i < sizeof(Scalar) * static_cast<std::size_t>(p.value.size()); ++i)
      hash = (hash ^ bytes[i]) * 1099511628211u;
  });
  return hash;
}

}  // namespace

int main(int argc, char** argv) {
  Ranks ranks;
  const std::set<std::string> words(argv + 1, argv + argc);
  const auto value = [&](const std::string& name) {
    const auto found = words.lower_bound(name + "=");
    return found != words.end() && found->starts_with(name + "=") ? found->substr(name.size() + 1)
                                                                  : std::string();
  };
  if (words.contains("messages")) {
    messages(ranks);
    return 0;
  }
  const bool large = words.contains("large");
  GptOptions size{.vocab_size = 50, .context = 16, .channels = 32, .heads = 4, .layers = 3};
  if (large) size = {.vocab_size = 4096, .context = 64, .channels = 256, .heads = 4, .layers = 4};
  size.dropout = words.contains("dropout") ? Scalar(0.1) : Scalar(0);
  // Other weights on each rank: all are to begin with rank 0's.
  Random random(1 + static_cast<std::uint64_t>(ranks.rank()));
  Gpt<> model(size, random);
  Tokens text;
  Random source(5);
  for (int i = 0; i < 3000; ++i) text.push_back(static_cast<Token>(source.below(50) * i % 50));
  RunOptions o;
  o.train = {.steps = std::atoi(argv[1]),
             .batch = 8,
             .ranks = &ranks,
             .sharded = words.contains("sharded")};
  const auto print = [&](Index step, double loss) {
    if (!ranks.first()) return;
    fmt::print("step {} loss {:.17g}\n", step, loss);
    std::fflush(stdout);
  };
  if (words.contains("two_lines")) {
    Random places(3);
    o.train.after_step = [&](Index step, double loss) { print(step + 1, loss); };
    train_language_model(model, text, o.train, places);
    return 0;
  }
  LanguageModelRun run(model, TokenSpan(text).first(2500), TokenSpan(text).subspan(2500), o, 3);
  if (words.contains("resume")) run.resume(value("file"));
  while (!run.finished()) {
    if (run.state().step == 10 && value("kill") == std::to_string(ranks.rank()))
      std::raise(SIGKILL);
    if (run.state().step == 10 && value("fail") == std::to_string(ranks.rank()))
      throw Error(ranks.name() + " was told to fail");
    const double loss = run.step();
    print(run.state().step, loss);
    if (!value("file").empty()) run.save(value("file"));
  }
  const Evaluation end = run.evaluate();
  const std::uint64_t bits = bits_of(model);
  expect(ranks.from_first(bits) == bits, "the ranks' weights differ");
  double moments = 0;
  for (const AdamW::Moments& m : run.optimizer().moments)
    moments +=
        static_cast<double>(sizeof(Scalar)) * static_cast<double>(m.first.size() + m.second.size());
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  Matrix table = Matrix::Zero(ranks.count(), 2);
  table.row(ranks.rank()) << static_cast<Scalar>(moments), static_cast<Scalar>(usage.ru_maxrss);
  ranks.start_all_gather(table), ranks.wait();
  if (!ranks.first()) return 0;
  fmt::print("held out {:.17g}\nbits {:016x}\nseconds {:.3f}\n", end.held_out_loss, bits,
             end.seconds);
  for (Index r = 0; r < ranks.count(); ++r)
    fmt::print("rank {} moments {:.0f} peak {:.0f}\n", r, static_cast<double>(table(r, 0)),
               static_cast<double>(table(r, 1)));
}
