#include "02_curved_borders/mlp_on_tape.hpp"
#include "helpers/catch.hpp"

using namespace damla;

TEST_CASE("the tape of lesson 2: a number that is used twice adds up what both uses hand back",
          "[lessons]") {
  Tape tape;
  const Value x = tape.write(3), y = tape.write(2), unused = tape.write(5);
  const Value end = x * x - x * y + log(exp(x)) + tanh(tape.write(0) * y);  // x² − xy + x + 0
  tape.backward(end);
  CHECK(end.value() == Approx(6));
  CHECK(x.gradient() == Approx(5));   // 2x − y + 1
  CHECK(y.gradient() == Approx(-3));  // −x
  CHECK(unused.gradient() == 0);
  tape.backward(end);  // begins anew: the gradients of the first time are not added to
  CHECK(x.gradient() == Approx(5));
}

TEST_CASE("the tape of lesson 2 finds the gradients that the library finds", "[lessons]") {
  Random random(1);
  for (const Index classes : {2, 5}) {
    Mlp<Tanh> model(3, 7, classes, random);
    random.fill_normal(std::get<0>(model.layers).bias.value, 1);
    Matrix x(40, 3);
    random.fill_normal(x, 1);
    Tokens targets;
    for (Index n = 0; n < x.rows(); ++n)
      targets.push_back(static_cast<Token>(random.below(classes)));
    CHECK(tape_against_library(model, x, targets) < 1e-12);
    std::get<2>(model.layers).weight.value *= 3;  // and where the losses are large
    CHECK(tape_against_library(model, x, targets) < 1e-12);
  }
}
