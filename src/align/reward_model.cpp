#include "damla/align/reward_model.hpp"

#include "damla/functional/preference.hpp"

namespace damla { inline namespace DAMLA_ABI {

double PreferenceLoss::forward(const ConstMatrixRef& rewards) {
  const Index P = rewards.rows() / 2;
  expect_shape("PreferenceLoss::forward", "rewards", rewards, std::max<Index>(2, 2 * P), 1,
               "chosen, then rejected");
  loss = accuracy = 0;
  expect_apart("PreferenceLoss::forward", {{"rewards", rewards}}, {{"dx", dx}});
  dx.resize(2 * P, 1);
  for (Index i = 0; i < P; ++i) {
    const double chosen = static_cast<double>(rewards(i, 0)),
                 rejected = static_cast<double>(rewards(P + i, 0));
    const functional::ScalarLoss pair = functional::bradley_terry(chosen, rejected);
    loss += pair.loss / static_cast<double>(P);
    accuracy += (chosen > rejected ? 1.0 : 0.0) / static_cast<double>(P);
    dx(i, 0) = static_cast<Scalar>(pair.dz / static_cast<double>(P));
    dx(P + i, 0) = -dx(i, 0);
  }
  return loss;
}

const Matrix& PreferenceLoss::backward(const ConstMatrixRef& rewards) {
  expect_shape("PreferenceLoss::backward", "rewards", rewards, dx.rows(), 1,
               "as at the latest forward");
  return dx;
}

}}  // namespace damla::DAMLA_ABI
