// Lesson 16: many machines. The lesson starts itself with mpirun, as two and as four processes that
// share each step, and puts what they do beside one process, and beside a model of what it costs.
// The model then goes on to GPT-3 on 1,024 machines.
#include <cmath>
#include <cstdio>

#include "claims.hpp"
#include "damla/core/threads.hpp"
#include "ring.hpp"
#include "tables.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::report;

namespace {

std::string program;  // as it was started

/// Four matrices become their sum, in a ring.
void by_hand(Lesson& lesson) {
  Random random(lesson.seed);
  std::vector<Matrix> ranks(4, Matrix(200, 5));
  Matrix sum = Matrix::Zero(200, 5);
  for (Matrix& m : ranks) random.fill_normal(m, 1), sum += m;
  const std::vector<Index> sent = ring_all_reduce(ranks);
  for (const Matrix& m : ranks)
    if (!m.isApprox(sum, Scalar(1e-5))) throw Error("the ring's sum is not the sum");
  for (const Index n : sent)
    if (n != sent[0]) throw Error("one of the ring sends more than another");
  lesson.claim(claims::ring_by_hand,
               static_cast<double>(sent[0]) / static_cast<double>(sum.size()));
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

/// The same training on one, two and four ranks. Returns what lies between two of them, and the
/// step of one process.
Step train_on_ranks(Lesson& lesson) {
  Task task{.seed = lesson.seed, .steps = lesson.fast ? 15 : 60};
  task.average = !lesson.flag("--forget-to-average");
  const auto alone = [&](Index batch) {
    Task part = task;
    part.batch = batch;
    if (batch < task.batch) part.steps = 5;  // for their time alone
    return train_together(part, Ranks::alone());
  };
  const Trained one = alone(task.batch);
  const double half = alone(task.batch / 2).seconds, quarter = alone(task.batch / 4).seconds;

  const auto many = [&](Index ranks, bool sharded, bool ping) {
    Task shared = task;
    shared.sharded = sharded, shared.ping = ping;
    return run_on(lesson, program, ranks, shared);
  };
  const bool shards = !lesson.flag("--forget-to-shard");
  const Run two = many(2, false, false), four = many(4, false, false),
            sharded = many(4, shards, false);
  const Run again = many(lesson.flag("--four-for-two") ? 4 : 2, false, true);
  const Link link{again.trained.bandwidth, again.trained.latency};

  std::vector<Measured> runs{{"1 rank / 1 süreç", {one, 0}, task.steps, task.batch, one.seconds},
                             {"2 ranks / 2 süreç", two, task.steps, task.batch, half},
                             {"4 ranks / 4 süreç", four, task.steps, task.batch, quarter}};
  draw_losses(lesson, runs);
  runs.push_back(
      {"4 ranks, sharded / 4 süreç, paylaşılmış", sharded, task.steps, task.batch, quarter});
  show_runs(lesson, runs, link);

  lesson.claim(claims::two_as_one, largest_difference(two.trained.losses, one.losses));
  lesson.claim(claims::four_as_one, largest_difference(four.trained.losses, one.losses));
  lesson.claim(claims::never_apart, four.trained.apart);
  lesson.claim(claims::same_bits, again.trained.bits == two.trained.bits ? 0 : 1);
  const auto sent = [&](const Claim& claim, const Run& run) {
    const double least = sent_share(static_cast<double>(run.trained.ranks)) * one.bytes *
                         static_cast<double>(task.steps);
    if (run.sent) lesson.claim(claim, *run.sent / least);
  };
  sent(claims::bytes_of_two, two), sent(claims::bytes_of_four, four);
  const auto& shares = sharded.trained.moments;
  lesson.claim(claims::quarter,
               100 * *std::max_element(shares.begin(), shares.end()) / one.moments[0]);
  return {one.seconds, one.bytes, link};
}

void many_machines(Lesson& lesson) {
  by_hand(lesson);

  // Measured: a rank stands for a machine, so each has one thread.
  std::vector<std::pair<std::string, Step>> steps;
  set_threads(1);
  if (mpirun.empty())
    say("This build has no MPI, so nothing is measured: install it (Debian: libopenmpi-dev "
        "openmpi-bin) and configure anew.\n",
        "Bu derlemede MPI yok, hiçbir şey ölçülmüyor: kurun (Debian: libopenmpi-dev openmpi-bin) "
        "ve "
        "yeniden yapılandırın.\n");
  else steps.emplace_back("this lesson / bu ders", train_on_ranks(lesson));

  // By arithmetic: a classroom's laptops, and GPT-3.
  const Gpt3 gpt_3;
  const double small = static_cast<double>(parameter_count(gpt2_small));
  steps.emplace_back("GPT-2, laptops, 1 Gb/s / GPT-2, dizüstüler, 1 Gb/sn",
                     Step{training_operations(small, 512 * 1024) / 2e11, 4 * small, {125e6, 1e-4}});
  steps.emplace_back("GPT-3, 1 Gb/s / GPT-3, 1 Gb/sn", gpt_3.data_parallel({125e6, 1e-4}));
  steps.emplace_back("GPT-3, 200 Gb/s / GPT-3, 200 Gb/sn", gpt_3.data_parallel({25e9, 5e-6}));
  draw_machines(lesson, steps, gpt_3);
  show_cuts(lesson, gpt_3,
            {{.data = 1024},
             {.data = 128, .tensor = 8},
             {.data = 64, .pipeline = 16},
             {.data = 8, .tensor = 8, .pipeline = 16}});
  lesson.claim(claims::arithmetic_of_gpt3,
               100 * training_operations(gpt_3.parameters, 300e9) / 3.14e23);
}

}  // namespace

int main(int argc, char** argv) {
  program = argv[0];
  if (argc == 3 && std::string(argv[1]) == "--as-rank") return as_rank(argv[2]);
  return run_lesson({"16_many_machines",
                     "Many machines: the same step, shared, and what it costs",
                     "Çok makine: aynı adım, paylaşılınca, ve bedeli",
                     {{"--forget-to-average", "", "Ranks do not average their gradients",
                       "Süreçler gradyanlarının ortalamasını almaz"},
                      {"--forget-to-shard", "", "Every rank keeps all of AdamW's state",
                       "Her süreç AdamW'nin bütün durumunu tutar"},
                      {"--four-for-two", "", "The second run of two ranks is one of four",
                       "İki sürecin ikinci çalıştırması dört süreçle yapılır"}}},
                    argc, argv, many_machines);
}
