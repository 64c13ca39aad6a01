#include "16_many_machines/ring.hpp"

#include "16_many_machines/cost.hpp"
#include "helpers/catch.hpp"

using namespace damla;
using namespace damla::worlds;

TEST_CASE("lesson 16: a ring sums, and each sends 2(n−1)/n", "[lessons]") {
  for (const Index n : {1, 2, 3, 5}) {
    CAPTURE(n);
    std::vector<Matrix> ranks;  // whole numbers: their sums have no rounding
    for (Index r = 0; r < n; ++r)
      ranks.push_back(Matrix::Constant(30, 2, static_cast<Scalar>(r + 1)));
    for (const Index sent : ring_all_reduce(ranks)) CHECK(sent == 2 * (n - 1) * 60 / n);
    for (const Matrix& m : ranks) CHECK((m.array() == static_cast<Scalar>(n * (n + 1) / 2)).all());
  }
}

TEST_CASE("lesson 16: what a step costs", "[lessons]") {
  // 100 bytes at 10 a second: half of them leave each of two machines twice.
  CHECK(ring_seconds(2, 100, {10, 0.5}) == Approx(10 + 2 * 0.5));
  CHECK(ring_seconds(1, 100, {10, 0.5}) == 0);
  const Step step{30, 100, {10, 0}};
  CHECK(step.worth(1) == 1);
  CHECK(step.worth(2) == Approx(30 / (15 + 10.0)));

  // One copy on one machine sends nothing and never waits; 128 machines hold a 128th.
  const Gpt3 gpt_3;
  const Cut one, cut{.data = 8, .tensor = 8, .pipeline = 16};
  CHECK(one.gradients(gpt_3) + one.sums(gpt_3) + one.onward(gpt_3) + one.idle(gpt_3) == 0);
  CHECK(one.seconds(gpt_3) == Approx(gpt_3.work()));
  CHECK(cut.machines() == 1024);
  CHECK(cut.held(gpt_3) == Approx(gpt_3.parameters / 128));
  // 15 of 192 sequences' time; six layers of 12,288 channels for 192·2,048 tokens.
  CHECK(cut.idle(gpt_3) == Approx(15.0 / 192));
  CHECK(cut.sums(gpt_3) == Approx(4 * 6 * 1.75 * 2 * 192 * 2048 * 12288));
  CHECK(cut.onward(gpt_3) == Approx(2.0 * 2 * 192 * 2048 * 12288));
}
