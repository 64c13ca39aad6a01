#include <fmt/format.h>

#include "text.hpp"
#include "verdict.hpp"

// Homework 5: a GPT block, and a GPT of such blocks that the student trains. Variant: attention and
// feed-forward side by side.
namespace grader {
namespace {

const std::vector<Mistake> in_gelu{gelu_cubic, gelu_root, gelu_exact, gelu_sigmoid, gelu_no_half};
const std::vector<Mistake> in_slope{gelu_slope_short, gelu_slope_no_three};
const std::vector<Mistake> in_block{post_norm,        no_first_residual,    no_second_residual,
                                    second_norm_of_x, second_residual_of_x, not_parallel};
const std::vector<Mistake> in_block_backward{first_residual_constant, second_residual_constant};
const std::vector<Mistake> in_gpt{no_positions, positions_one_late, positions_run_on,
                                  no_final_norm};
const std::vector<Mistake> in_gpt_backward{head_constant, embedding_constant};

auto gelu_of_all() {
  return [](auto p, const Mistakes& m) {
    auto y = p[0];
    for (auto& v : y.numbers) v = gelu(v, m);
    return y;
  };
}

/// x, and 12 parameters; the grader's questions name T and H first.
struct BlockCase {
  Shape shape;
  Matrices in;
};
BlockCase draw_block(Random& random, bool variant) {
  const Index T = 3 + random.below(2), C = 6;
  Sizes sizes = gpt_sizes(1, 1, C, 1);
  sizes = Sizes(sizes.begin() + 2, sizes.end() - 2);
  sizes.insert(sizes.begin(), {2 * T, C});
  BlockCase c{{.T = T, .heads = 2, .parallel = variant}, drawn(random, sizes)};
  c.in[1].array() += 1, c.in[7].array() += 1;  // gains
  return c;
}
Values question_for(const Shape& shape, const Matrices& in) {
  Values question{Tokens{static_cast<Token>(shape.T)}, Tokens{static_cast<Token>(shape.heads)}};
  for (const Matrix& m : in) question.push_back(m);
  return question;
}
auto forward(const Shape& shape) {
  return [shape](auto p, const Mistakes& m) { return block(p[0], p.subspan(1), shape, m); };
}

const std::vector<std::string> block_names{"norm_1.weight",
                                           "norm_1.bias",
                                           "attention.qkv.weight",
                                           "attention.qkv.bias",
                                           "attention.projection.weight",
                                           "attention.projection.bias",
                                           "norm_2.weight",
                                           "norm_2.bias",
                                           "up.weight",
                                           "up.bias",
                                           "down.weight",
                                           "down.bias"};
std::vector<std::string> gradient_names(const std::vector<std::string>& names,
                                        const std::string& before = "") {
  std::vector<std::string> all;
  for (const std::string& name : names) all.push_back(before + name + ".grad()");
  return all;
}

Verdict grade_block(Talk& talk, Random& random, bool variant) {
  const BlockCase c = draw_block(random, variant);
  return compare(
      talk.ask_matrices("block", question_for(c.shape, c.in)), {"y"},
      {result(forward(c.shape), c.in)},
      [&](const Mistakes& m) { return Matrices{result(forward(c.shape), c.in, m)}; },
      all_of(in_block, in_gelu), forward_tolerance);
}

/// Either dx, or the parameters' gradients.
Verdict grade_block_backward(Talk& talk, Random& random, bool variant, bool parameters) {
  const BlockCase c = draw_block(random, variant);
  const Matrix dy = normals(random, c.in[0].rows(), c.in[0].cols());
  Matrices before;  // gradients that are there already
  for (std::size_t i = 1; i < c.in.size(); ++i)
    before.push_back(normals(random, c.in[i].rows(), c.in[i].cols()));
  Values question = question_for(c.shape, c.in);
  for (const Matrix& m : before) question.push_back(m);
  question.push_back(dy);
  const auto wanted = [&](Matrices all) {
    for (std::size_t i = 1; i < all.size(); ++i) all[i] += before[i - 1];
    return half(all, parameters);
  };
  return compare(
      half(talk.ask_matrices("block backward", question), parameters),
      parameters ? gradient_names(block_names) : std::vector<std::string>{"dx"},
      wanted(differences(forward(c.shape), c.in, dy)),
      [&](const Mistakes& m) { return wanted(gradients(forward(c.shape), c.in, dy, m)); },
      all_of(in_block_backward, all_of(in_slope, all_of(in_block, in_gelu))), gradient_tolerance,
      parameters ? before : Matrices{});
}

/// A small GPT: its parameters, and two sequences of tokens.
struct GptCase {
  Shape shape;
  Index vocab_size = 7, context = 6, channels = 4, layers = 2;
  Tokens tokens;
  Matrices in;

  Values question() const {
    Values q{Tokens{static_cast<Token>(vocab_size)}, Tokens{static_cast<Token>(context)},
             Tokens{static_cast<Token>(channels)}, Tokens{static_cast<Token>(layers)}};
    for (Value& value : question_for(shape, in)) q.push_back(std::move(value));
    q.push_back(tokens);
    return q;
  }
};
GptCase draw_gpt(Random& random, bool variant) {
  GptCase c;
  c.shape = {.T = 3, .heads = 2, .parallel = variant};
  c.in = drawn(random, gpt_sizes(c.vocab_size, c.context, c.channels, c.layers));
  for (Matrix& m : c.in)
    if (m.rows() == 1) m.array() += 0.3;
  for (Index i = 0; i < 2 * c.shape.T; ++i)
    c.tokens.push_back(static_cast<Token>(random.below(c.vocab_size)));
  return c;
}
auto forward(const GptCase& c) {
  return [&c](auto p, const Mistakes& m) { return gpt(c.tokens, p, c.shape, m); };
}

Verdict grade_gpt(Talk& talk, Random& random, bool variant, const std::string& whose) {
  const GptCase c = draw_gpt(random, variant);
  return compare(
      talk.ask_matrices(whose, c.question()), {"logits"}, {result(forward(c), c.in)},
      [&](const Mistakes& m) { return Matrices{result(forward(c), c.in, m)}; },
      all_of(in_gpt, all_of(in_block, in_gelu)), forward_tolerance);
}

Verdict grade_gpt_backward(Talk& talk, Random& random, bool variant) {
  const GptCase c = draw_gpt(random, variant);
  const Matrix dlogits = normals(random, std::ssize(c.tokens), c.vocab_size);
  Matrices before;
  for (const Matrix& m : c.in) before.push_back(normals(random, m.rows(), m.cols()));
  Values question = c.question();
  for (const Matrix& m : before) question.push_back(m);
  question.push_back(dlogits);
  const auto with_before = [&](Matrices all) {
    for (std::size_t i = 0; i < all.size(); ++i) all[i] += before[i];
    return all;
  };
  std::vector<std::string> names = gradient_names({"token_embedding.weight", "positions.weight"});
  for (Index layer = 0; layer < c.layers; ++layer)
    for (const std::string& name : gradient_names(block_names, fmt::format("blocks[{}].", layer)))
      names.push_back(name);
  for (const std::string& name : gradient_names({"final_norm.weight", "final_norm.bias"}))
    names.push_back(name);
  return compare(
      talk.ask_matrices("gpt backward", question), names,
      with_before(differences(forward(c), c.in, dlogits)),
      [&](const Mistakes& m) { return with_before(gradients(forward(c), c.in, dlogits, m)); },
      all_of(in_gpt_backward, all_of(in_block_backward, all_of(in_slope, in_gpt))),
      gradient_tolerance, before);
}

Verdict grade_gelu(Talk& talk, Random& random) {
  const Matrix x = normals(random, 6, 5, 2);
  return compare(
      talk.ask_matrices("gelu", {x}), {"y"}, {result(gelu_of_all(), {x})},
      [&](const Mistakes& m) { return Matrices{result(gelu_of_all(), {x}, m)}; }, in_gelu,
      forward_tolerance);
}

Verdict grade_slope(Talk& talk, Random& random) {
  const Matrix x = normals(random, 6, 5, 2), ones = Matrix::Ones(6, 5);
  return compare(
      talk.ask_matrices("gelu slope", {x}), {"slope"}, differences(gelu_of_all(), {x}, ones),
      [&](const Mistakes& m) { return gradients(gelu_of_all(), {x}, ones, m); },
      all_of(in_slope, in_gelu), gradient_tolerance);
}

}  // namespace

Homework gpt_block(bool variant) {
  const Text title{"a GPT block, and your own GPT", "GPT bloğu ve kendi GPT'niz"};
  const Text variant_title{"a parallel GPT block, and your own GPT",
                           "yan yana çalışan GPT bloğu ve kendi GPT'niz"};
  return {
      variant ? variant_title : title,
      {{"gelu", {"GELU", "GELU"}, 10, 10, grade_gelu},
       {"gelu slope", {"GELU's slope", "GELU'nun eğimi"}, 10, 10, grade_slope},
       {"block",
        {"block: forward", "blok: ileri yön"},
        15,
        10,
        [variant](Talk& talk, Random& random) { return grade_block(talk, random, variant); },
        "gelu"},
       {"block dx",
        {"block: dx", "blok: dx"},
        15,
        10,
        [variant](Talk& talk, Random& random) {
          return grade_block_backward(talk, random, variant, false);
        },
        "block"},
       {"block parameters",
        {"block: gradients of the parameters", "blok: parametrelerin gradyanları"},
        10,
        10,
        [variant](Talk& talk, Random& random) {
          return grade_block_backward(talk, random, variant, true);
        },
        "block"},
       {"in damla's gpt",
        {"your block in the library's Gpt", "bloğunuz kütüphanenin Gpt'sinde"},
        5,
        10,
        [variant](Talk& talk, Random& random) {
          return grade_gpt(talk, random, variant, "library gpt");
        },
        "block"},
       {"gpt",
        {"your GPT: logits", "GPT'niz: logitler"},
        10,
        10,
        [variant](Talk& talk, Random& random) { return grade_gpt(talk, random, variant, "gpt"); },
        "block"},
       {"gpt backward",
        {"your GPT: gradients", "GPT'niz: gradyanlar"},
        10,
        10,
        [variant](Talk& talk, Random& random) { return grade_gpt_backward(talk, random, variant); },
        "gpt"},
       {"training",
        {"your GPT learns from a text", "GPT'niz bir metinden öğrenir"},
        15,
        120,
        [variant](Talk& talk, Random& random) {
          return grade_training(talk, random, {.parallel = variant});
        },
        "gpt backward"}}};
}

}  // namespace grader
