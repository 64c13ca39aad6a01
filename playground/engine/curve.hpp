#pragma once

#include <limits>
#include <numbers>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "damla/nn/activation.hpp"
#include "damla/nn/linear.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/adamw.hpp"
#include "damla/optim/clip.hpp"
#include "damla/train/metrics.hpp"
#include "points.hpp"
#include "worlds/shapes.hpp"

namespace damla::playground {

/// A network of the library's layers whose depth and activation are chosen while the program runs:
/// `Sequential` fixes them when it is compiled.
struct Network {
  using Activation = std::variant<Relu, Tanh, Gelu, Identity>;
  std::vector<Linear> linear;      // one more than hidden layers
  std::vector<Activation> hidden;  // the activations between them

  Network(Index width, Index depth, const Activation& activation, Random& random) {
    for (Index i = 0; i < depth; ++i) {
      linear.emplace_back(i == 0 ? 2 : width, width, random);
      hidden.push_back(activation);
    }
    linear.emplace_back(depth == 0 ? 2 : width, 2, random);
  }

  const Matrix& forward(const Matrix& x) {
    const Matrix* y = &linear[0].forward(x);
    for (std::size_t i = 0; i < hidden.size(); ++i)
      y = &linear[i + 1].forward(
          std::visit([&](auto& bend) -> const Matrix& { return bend.forward(*y); }, hidden[i]));
    return *y;
  }
  void backward(const Matrix& x, const Matrix& dy) {
    const Matrix* d = &dy;
    for (std::size_t i = hidden.size(); i-- > 0;) {
      d = &linear[i + 1].backward(output(i), *d);
      d = &std::visit([&](auto& bend) -> const Matrix& { return bend.backward(linear[i].y, *d); },
                      hidden[i]);
    }
    linear[0].backward_parameters(x, *d);
  }
  /// What hidden layer i said at the latest forward: (N, width).
  const Matrix& output(std::size_t i) const {
    return std::visit([](const auto& bend) -> const Matrix& { return bend.y; }, hidden[i]);
  }
  void visit_parameters(auto&& visit) {
    for (std::size_t i = 0; i < linear.size(); ++i) visit_part(std::to_string(i), linear[i], visit);
  }
};

/// Two classes of points, and a network that learns to tell them apart, with the steps of lesson
/// 02.
class Curve {
 public:
  /// Throws Error for a width outside 1 … 64, a depth outside 0 … 6 hidden layers, and an
  /// activation other than relu, tanh, gelu and none.
  Curve(std::int32_t seed, std::int32_t width, std::int32_t depth, const std::string& activation)
      : seed_(seed),
        random_(static_cast<std::uint64_t>(seed)),
        network_(start(width, depth, activation, random_)) {}

  void set_points(const std::vector<float>& xy, const std::vector<std::int32_t>& label) {
    points_.emplace("Curve", LabelledPoints{xy, label});
  }
  void set_learning_rate(double rate) { rate_ = rate; }

  /// n steps on all points at once. Returns the loss before the last of them, in nats a point.
  double step(std::int32_t n) {
    expect_points();
    for (std::int32_t i = 0; i < n; ++i) {
      zero_gradients(network_);
      const Matrix& logits = network_.forward(points_->features);
      loss_ = cross_entropy_.forward(logits, points_->classes);
      network_.backward(points_->features, cross_entropy_.backward(logits, points_->classes));
      optimizer_.learning_rate = static_cast<Scalar>(
          rate_ * std::min(1.0, static_cast<double>(optimizer_.steps + 1) / warmup));
      optimizer_.step(network_, clip_scale(network_, std::numeric_limits<double>::infinity()));
    }
    return loss_;
  }

  /// The share of the points that get their own class.
  double accuracy() {
    expect_points();
    return damla::accuracy(predicted_classes(network_.forward(points_->features)),
                           points_->classes);
  }
  /// The same of 5,000 points of this shape that it has not seen.
  double fresh_accuracy(const std::string& kind) {
    Random random(static_cast<std::uint64_t>(seed_), 1);
    const worlds::Examples fresh = draw(kind, 5000, random);
    return damla::accuracy(predicted_classes(network_.forward(fresh.features)), fresh.classes);
  }

  /// P(class 1) at n × n places: a row has one y, the first the lowest.
  std::vector<float> grid(std::int32_t n, double low, double high) {
    Matrix p;
    const Matrix& logits = network_.forward(places(n, low, high));
    p.resize(logits.rows(), 2);
    functional::softmax(p, logits);
    return {p.col(1).begin(), p.col(1).end()};
  }
  /// What one neuron of a hidden layer, 0 … depth−1, says at these places.
  std::vector<float> neuron(std::int32_t layer, std::int32_t index, std::int32_t n, double low,
                            double high) {
    expect_count("Curve", "the layer", layer, 0, std::ssize(network_.hidden) - 1);
    network_.forward(places(n, low, high));
    const Matrix& y = network_.output(static_cast<std::size_t>(layer));
    expect_count("Curve", "the neuron", index, 0, y.cols() - 1);
    return {y.col(index).begin(), y.col(index).end()};
  }
  double parameters() { return static_cast<double>(parameter_count(network_)); }

  /// Points of a shape: xor, rings, target, spirals or moons. About n: each cluster has as many.
  static LabelledPoints points(const std::string& kind, std::int32_t n, std::int32_t seed) {
    Random random(static_cast<std::uint64_t>(seed));
    const worlds::Examples examples = draw(kind, n, random);
    return labelled(examples.features, examples.classes);
  }
  /// Of the best possible classifier; NaN where nobody knows it.
  static double best_accuracy(const std::string& kind) {
    if (kind == "xor") return worlds::XorShape{}.bayes_accuracy();
    if (kind == "rings") return worlds::RingShape{}.bayes_accuracy();
    return kind == "target" ? 1 : std::numeric_limits<double>::quiet_NaN();
  }

 private:
  static constexpr double warmup = 10;  // steps

  static Network start(std::int32_t width, std::int32_t depth, const std::string& activation,
                       Random& random) {
    expect_count("Curve", "width", width, 1, 64);
    expect_count("Curve", "depth", depth, 0, 6);
    const auto with = [&](const Network::Activation& a) {
      return Network(width, depth, a, random);
    };
    if (activation == "relu") return with(Relu());
    if (activation == "tanh") return with(Tanh());
    if (activation == "gelu") return with(Gelu());
    if (activation == "none") return with(Identity());
    throw Error("Curve: the activation is \"" + activation +
                "\"; expected relu, tanh, gelu or none");
  }

  static worlds::Examples draw(const std::string& kind, Index n, Random& random) {
    const Index fours = std::max<Index>(1, n / 4) * 4;
    if (kind == "xor") return worlds::XorShape{}.draw(fours, random);
    if (kind == "rings") return worlds::RingShape{}.draw(fours, random);
    if (kind == "target") return worlds::TargetShape{}.draw(fours, random);
    if (kind != "spirals" && kind != "moons")
      throw Error("Curve: the shape is \"" + kind +
                  "\"; expected xor, rings, target, spirals or moons");
    worlds::Examples examples{Matrix(fours, 2), Tokens(static_cast<std::size_t>(fours))};
    for (Index i = 0; i < fours; ++i) {
      const auto side = static_cast<Token>(i % 2);
      const auto [x, y] = kind == "moons" ? on_moon(side, random) : on_spiral(side, random);
      examples.features(i, 0) = static_cast<Scalar>(x + 0.1 * random.normal());
      examples.features(i, 1) = static_cast<Scalar>(y + 0.1 * random.normal());
      examples.classes[static_cast<std::size_t>(i)] = side;
    }
    return examples;
  }
  /// Two half circles, each of which reaches into the other.
  static std::pair<double, double> on_moon(Token side, Random& random) {
    const double angle = random.uniform(0, std::numbers::pi);
    const double x = 1.3 * std::cos(angle) - 0.65, y = 1.3 * std::sin(angle) - 0.3;
    return side == 1 ? std::pair{x, y} : std::pair{-x, -y};
  }
  /// Two arms around one centre, one and a half turns each.
  static std::pair<double, double> on_spiral(Token side, Random& random) {
    const double along = std::sqrt(random.uniform(0.02, 1));
    const double angle = 3 * std::numbers::pi * along + (side == 1 ? std::numbers::pi : 0);
    return {2.6 * along * std::cos(angle), 2.6 * along * std::sin(angle)};
  }

  void expect_points() const { require(points_.has_value(), "Curve: there are no points yet"); }
  static Matrix places(std::int32_t n, double low, double high) {
    expect_count("Curve", "n", n, 1, 512);
    Matrix x(n * n, 2);
    for (std::int32_t i = 0; i < n * n; ++i)
      x(i, 0) = static_cast<Scalar>(place(low, high, i % n, n)),
           x(i, 1) = static_cast<Scalar>(place(low, high, i / n, n));
    return x;
  }

  std::int32_t seed_;
  Random random_;
  Network network_;
  std::optional<Points> points_;
  CrossEntropy cross_entropy_;
  AdamW optimizer_;
  double rate_ = 0.02, loss_ = 0;
};

}  // namespace damla::playground
