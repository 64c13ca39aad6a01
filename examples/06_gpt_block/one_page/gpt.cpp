// The whole GPT on one page, with Eigen for matrices and nothing else. It reads first names letter
// by letter, learns how they are spelled, and invents new ones. To compile and run it:
//     g++ -std=c++20 -O2 -I /usr/include/eigen3 gpt.cpp -o gpt && ./gpt names.txt
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;
constexpr int T = 12, C = 32, L = 2, H = 4, d = C / H;    // letters seen, channels, layers, heads
constexpr int B = 16, steps = 600;                        // texts in a batch, updates
constexpr double rate = 3e-3, root = 0.7978845608028654;  // the learning rate; √(2/π)

double uniform() {  // the same numbers in [0, 1) on every machine: Knuth's MMIX generator
  static unsigned long long state = 1;  // 64 bits
  state = state * 6364136223846793005 + 1442695040888963407;
  return std::ldexp(static_cast<double>(state >> 11), -53);
}

struct Parameter {  // numbers that are learned, their gradient, and AdamW's running means of it
  inline static std::vector<Parameter*> all;  // in the order in which they are made
  Matrix value, grad, m, v;
  Parameter(int rows, int cols, double start) : value(Matrix::Constant(rows, cols, start)) {
    for (double& w : value.reshaped<Eigen::RowMajor>())
      if (rows > 1) w = start * (2 * uniform() - 1);
    grad = m = v = Matrix::Zero(rows, cols);
    all.push_back(this);
  }
  void update(int t) {  // the t-th, from 1 on
    m = 0.9 * m + 0.1 * grad;
    v = 0.99 * v + 0.01 * grad.cwiseAbs2();
    if (value.rows() > 1) value -= rate * 0.01 * value;  // weight decay
    value.array() -= rate * m.array() / (1 - std::pow(0.9, t)) /
                     ((v.array() / (1 - std::pow(0.99, t))).sqrt() + 1e-8);
    grad.setZero();
  }
};

struct Linear {  // y = x·W + b
  Parameter W, b;
  Matrix x;  // what the latest forward took
  Linear(int in, int out) : W(in, out, 0.1), b(1, out, 0) {}
  Matrix forward(const Matrix& in) { return ((x = in) * W.value).rowwise() + b.value.row(0); }
  Matrix backward(const Matrix& dy) {
    W.grad += x.transpose() * dy;
    b.grad += dy.colwise().sum();
    return dy * W.value.transpose();
  }
};

struct Norm {  // each row gets mean 0 and variance 1, then a learned scale and shift
  Parameter scale{1, C, 1}, shift{1, C, 0};
  Matrix xhat;
  Vector rstd;
  Matrix forward(const Matrix& x) {
    xhat = x.colwise() - x.rowwise().mean();
    rstd = (xhat.rowwise().squaredNorm().array() / C + 1e-5).rsqrt();
    xhat = rstd.asDiagonal() * xhat;
    return (xhat * scale.value.row(0).asDiagonal()).rowwise() + shift.value.row(0);
  }
  Matrix backward(const Matrix& dy) {
    scale.grad += dy.cwiseProduct(xhat).colwise().sum();
    shift.grad += dy.colwise().sum();
    const Matrix g = dy * scale.value.row(0).asDiagonal();
    const Vector mean = g.rowwise().mean(), along = g.cwiseProduct(xhat).rowwise().mean();
    return rstd.asDiagonal() * ((g - along.asDiagonal() * xhat).colwise() - mean);
  }
};

Matrix softmax(Matrix x, bool causal = false) {  // of each row; causal: row i sees i + 1 columns
  for (int i = 0; i < x.rows(); ++i) {
    if (causal) x.row(i).tail(x.cols() - i - 1).setConstant(-INFINITY);
    x.row(i) = (x.row(i).array() - x.row(i).maxCoeff()).exp();
    x.row(i) /= x.row(i).sum();
  }
  return x;
}

struct Attention {  // H heads, in which letters look back: softmax(q·kᵀ / √d)·v
  Linear qkv{C, 3 * C}, out{C, C};
  Matrix z;                     // q, k and v, each with the heads side by side
  std::vector<Matrix> weights;  // (n, n) for each text and head
  Matrix forward(const Matrix& x, int n) {
    z = qkv.forward(x);
    weights.clear();
    Matrix mixed(x.rows(), C);
    for (int b = 0; b < x.rows(); b += n)
      for (int h = 0; h < C; h += d) {
        const Matrix q = z.block(b, h, n, d), k = z.block(b, C + h, n, d);
        weights.push_back(softmax(q * k.transpose() / std::sqrt(d), true));
        mixed.block(b, h, n, d) = weights.back() * z.block(b, 2 * C + h, n, d);
      }
    return out.forward(mixed);
  }
  Matrix backward(const Matrix& dy, int n) {
    Matrix dmixed = out.backward(dy), dz(z.rows(), 3 * C);
    auto w = weights.begin();
    for (int b = 0; b < z.rows(); b += n)
      for (int h = 0; h < C; h += d, ++w) {
        const Matrix dm = dmixed.block(b, h, n, d);
        const Matrix dw = dm * z.block(b, 2 * C + h, n, d).transpose();
        const Vector mean = w->cwiseProduct(dw).rowwise().sum();
        const Matrix ds = w->cwiseProduct(dw.colwise() - mean) / std::sqrt(d);
        dz.block(b, h, n, d) = ds * z.block(b, C + h, n, d);
        dz.block(b, C + h, n, d) = ds.transpose() * z.block(b, h, n, d);
        dz.block(b, 2 * C + h, n, d) = w->transpose() * dm;
      }
    return qkv.backward(dz);
  }
};

struct Block {  // x₁ = x + attention(norm(x))      y = x₁ + feed_forward(norm(x₁))
  Norm norm_1;
  Attention attention;
  Norm norm_2;
  Linear up{C, 4 * C}, down{4 * C, C};
  Matrix u, bend;  // what gelu takes, and tanh(…) in it
  Matrix forward(const Matrix& x, int n) {
    const Matrix x1 = x + attention.forward(norm_1.forward(x), n);
    u = up.forward(norm_2.forward(x1));
    bend = (root * (u.array() + 0.044715 * u.array().cube())).tanh();
    return x1 + down.forward(u.array() / 2 * (1 + bend.array()));
  }
  Matrix backward(const Matrix& dy, int n) {
    const auto slope = root * (1 + 3 * 0.044715 * u.array().square());
    const Matrix dgelu = (1 + bend.array() + u.array() * (1 - bend.array().square()) * slope) / 2;
    const Matrix dx1 = dy + norm_2.backward(up.backward(down.backward(dy).cwiseProduct(dgelu)));
    return dx1 + norm_1.backward(attention.backward(dx1, n));
  }
};

struct Gpt {
  Parameter letters, places{T, C, 0.1};  // a vector for each letter, and for each place
  Block blocks[L];
  Norm norm;
  Matrix features;
  explicit Gpt(int V) : letters(V, C, 0.1) {}
  /// tokens are texts of n letters. The logits, V for each of them, rate what comes next.
  Matrix forward(const std::vector<int>& tokens, int n) {
    Matrix x = letters.value(tokens, Eigen::all);
    for (int i = 0; i < x.rows(); ++i) x.row(i) += places.value.row(i % n);
    for (Block& block : blocks) x = block.forward(x, n);
    features = norm.forward(x);
    return features * letters.value.transpose();
  }
  void backward(const std::vector<int>& tokens, const Matrix& dlogits, int n) {
    letters.grad += dlogits.transpose() * features;
    Matrix dx = norm.backward(dlogits * letters.value);
    for (int i = L; i-- > 0;) dx = blocks[i].backward(dx, n);
    for (int i = 0; i < dx.rows(); ++i) letters.grad.row(tokens[i]) += dx.row(i);
    for (int i = 0; i < dx.rows(); ++i) places.grad.row(i % n) += dx.row(i);
  }
};

int main(int argc, char** argv) {
  // Data: all names as one text. A letter may have two bytes; token 0 is the end of a line.
  std::ifstream file(argc > 1 ? argv[1] : "names.txt");
  std::string all = "\n", line;
  while (std::getline(file, line))
    if (line[0] != '#') all += line + "\n";
  std::vector<int> text;
  std::vector<std::string> alphabet;
  for (std::size_t i = 0, n; i < all.size(); i += n) {
    for (n = 1; (all[i + n] & 0xC0) == 0x80;) ++n;
    const auto at = std::find(alphabet.begin(), alphabet.end(), all.substr(i, n));
    text.push_back(static_cast<int>(at - alphabet.begin()));
    if (at == alphabet.end()) alphabet.push_back(all.substr(i, n));
  }
  // Loop: windows at random places, forward, loss, backward, update.
  Gpt gpt(static_cast<int>(alphabet.size()));
  for (int step = 0; step < steps; ++step) {
    std::vector<int> tokens, targets;
    for (int b = 0; b < B; ++b) {
      const auto from = text.begin() + static_cast<int>(uniform() * (text.size() - T));
      tokens.insert(tokens.end(), from, from + T);
      targets.insert(targets.end(), from + 1, from + T + 1);
    }
    Matrix p = softmax(gpt.forward(tokens, T));
    double loss = 0;
    for (int i = 0; i < B * T; ++i) loss -= std::log(p(i, targets[i])) / (B * T);
    for (int i = 0; i < B * T; ++i) p(i, targets[i]) -= 1;
    gpt.backward(tokens, p / (B * T), T);  // the gradient by the logits: probability minus truth
    for (Parameter* w : Parameter::all) w->update(step + 1);
    if (step % 10 == 0) std::printf("step %3d   loss %.8f\n", step, loss);
  }
  // Names: letter after letter, each drawn with the probability that the model gives it.
  for (std::vector<int> written{0}; written.size() < 200;) {
    const int n = std::min<int>(T, written.size());
    const Matrix p = softmax(gpt.forward({written.end() - n, written.end()}, n)).bottomRows(1);
    int next = 0;
    for (double u = uniform() - p(0); u > 0 && next + 1 < p.size();) u -= p(++next);
    written.push_back(next);
    std::printf("%s", alphabet[next].c_str());
  }
}
