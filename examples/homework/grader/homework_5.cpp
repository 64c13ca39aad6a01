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

/// x, and 12 parameters; and for the backward pass dy and what stands in the gradients already.
struct BlockCase {
  bool first;
  Shape shape;
  Index sequences;
  Matrices in, before = {};
  Matrix dy = {};

  Dimensions sizes() const {
    return {.B = sequences, .T = shape.T, .H = shape.heads, .d = in[0].cols() / shape.heads};
  }
  Matrices ask_forward(Talk& talk, Index object) const {
    Values q{number(object), number(shape.T), number(shape.heads)};
    append(q, in);
    return talk.ask_matrices("block", q);
  }
};
std::vector<BlockCase> draw_blocks(Random& random, bool variant) {
  const Index shapes[turn_count][4]{{3, 4, 2, 5}, {3, 4, 2, 5}, {3, 7, 2, 5},
                                    {1, 3, 2, 5}, {2, 4, 1, 7}, {3, 4, 2, 5}};
  std::vector<BlockCase> all;
  for (const auto& [B, T, H, d] : shapes) {
    Sizes sizes = gpt_sizes(1, 1, H * d, 1);
    sizes = Sizes(sizes.begin() + 2, sizes.end() - 2);
    sizes.insert(sizes.begin(), {B * T, H * d});
    BlockCase& c = all.emplace_back(all.empty(), Shape{.T = T, .heads = H, .parallel = variant}, B,
                                    drawn(random, sizes));
    c.in[1].array() += 1, c.in[7].array() += 1;  // gains
    c.before = drawn_like(random, c.in, 1), c.dy = normals(random, B * T, H * d);
  }
  return all;
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
std::vector<std::string> gradient_names(const std::vector<std::string>& names) {
  std::vector<std::string> all;
  for (const std::string& name : names) all.push_back(name + ".grad()");
  return all;
}
std::vector<std::string> with_first(const std::string& first, std::vector<std::string> names) {
  names.insert(names.begin(), first);
  return names;
}
std::vector<std::string> gpt_names(Index layers) {
  std::vector<std::string> all{"token_embedding.weight", "positions.weight"};
  for (Index layer = 0; layer < layers; ++layer)
    for (const std::string& name : block_names)
      all.push_back(fmt::format("blocks[{}].{}", layer, name));
  all.insert(all.end(), {"final_norm.weight", "final_norm.bias"});
  return all;
}

Verdict grade_block(Talk& talk, Random& random, bool variant) {
  return in_turn(talk, turns<BlockCase>(draw_blocks(random, variant), [](Talk& who, Index object,
                                                                         const BlockCase& c) {
                   const auto f = forward(c.shape);
                   return compare(
                       c.ask_forward(who, object),
                       {.names = {"y"},
                        .right = {result(f, c.in)},
                        .wrong = [&](const Mistakes& m) { return Matrices{result(f, c.in, m)}; },
                        .mistakes = all_of(in_block, in_gelu),
                        .tolerance = forward_tolerance,
                        .sizes = c.sizes(),
                        .known = {{"x", c.in[0]}},
                        .in = c.in,
                        .in_names = with_first("x", block_names),
                        .with = [&](const Matrices& in) { return Matrices{result(f, in)}; }});
                 }));
}

/// Either dx, or the parameters' gradients.
Verdict grade_block_backward(Talk& talk, Random& random, bool variant, bool parameters) {
  const std::vector<BlockCase> cases = draw_blocks(random, variant);
  const auto ask = [parameters](Talk& who, Index object, const BlockCase& c) {
    const auto f = forward(c.shape);
    c.ask_forward(who, object);
    if (who.between) who.between();
    Values q{number(object)};
    append(q, c.before), q.push_back(c.dy);
    const auto wanted = [&](const Matrices& all) {
      return half(added(all, c.before, true), parameters);
    };
    return compare(
        half(who.ask_matrices("block backward", q), parameters),
        {.names = parameters ? gradient_names(block_names) : std::vector<std::string>{"dx"},
         .right = wanted(right_gradients(f, c.in, c.dy, c.first)),
         .wrong = [&](const Mistakes& m) { return wanted(gradients(f, c.in, c.dy, m)); },
         .mistakes = all_of(in_block_backward, all_of(in_slope, all_of(in_block, in_gelu))),
         .tolerance = gradient_tolerance,
         .before = parameters ? c.before : Matrices{},
         .sizes = c.sizes(),
         .known = {{"dy", c.dy}, {"x", c.in[0]}},
         .of_row =
             [&](Index row) {
               return half(gradients(f, c.in, only_row(c.dy, row), {}), parameters);
             },
         .rows = c.dy.rows()});
  };
  return in_turn(talk, turns<BlockCase>(cases, ask, [other = cases[4]](Talk& who) {
                   other.ask_forward(who, 1);
                 }));
}

/// A small GPT: its parameters, and sequences of tokens.
struct GptCase {
  bool first;
  Shape shape;
  Index sequences, vocab_size, context, channels, layers = 2;
  Tokens tokens = {};
  Matrices in = {}, before = {};
  Matrix dlogits = {};

  Dimensions sizes() const {
    return {.B = sequences,
            .T = shape.T,
            .H = shape.heads,
            .d = channels / shape.heads,
            .others = {{"V", vocab_size}}};
  }
  Matrices ask_forward(Talk& talk, Index object, const std::string& whose) const {
    Values q{number(object), number(vocab_size), number(context),     number(channels),
             number(layers), number(shape.T),    number(shape.heads), tokens};
    append(q, in);
    return talk.ask_matrices(whose, q);
  }
};
std::vector<GptCase> draw_gpts(Random& random, bool variant) {
  const Index shapes[turn_count][5]{{5, 4, 2, 3, 11}, {5, 4, 2, 3, 11}, {5, 7, 2, 3, 11},
                                    {1, 3, 2, 3, 11}, {2, 4, 1, 5, 13}, {5, 4, 2, 3, 11}};
  std::vector<GptCase> all;
  for (const auto& [B, T, H, d, V] : shapes) {
    GptCase& c = all.emplace_back(all.empty(), Shape{.T = T, .heads = H, .parallel = variant}, B, V,
                                  23, H * d);
    c.in = drawn(random, gpt_sizes(c.vocab_size, c.context, c.channels, c.layers));
    for (Matrix& m : c.in)
      if (m.rows() == 1) m.array() += 0.3;
    for (Index i = 0; i < B * T; ++i)
      c.tokens.push_back(static_cast<Token>(random.below(c.vocab_size)));
    c.before = drawn_like(random, c.in), c.dlogits = normals(random, B * T, V);
  }
  return all;
}
auto forward(const GptCase& c) {
  return [&c](auto p, const Mistakes& m) { return gpt(c.tokens, p, c.shape, m); };
}

Verdict grade_gpt(Talk& talk, Random& random, bool variant, const std::string& whose) {
  return in_turn(
      talk,
      turns<GptCase>(draw_gpts(random, variant), [&](Talk& who, Index object, const GptCase& c) {
        const auto f = forward(c);
        return compare(c.ask_forward(who, object, whose),
                       {.names = {"logits"},
                        .right = {result(f, c.in)},
                        .wrong = [&](const Mistakes& m) { return Matrices{result(f, c.in, m)}; },
                        .mistakes = all_of(in_gpt, all_of(in_block, in_gelu)),
                        .tolerance = forward_tolerance,
                        .sizes = c.sizes(),
                        .in = c.in,
                        .in_names = gpt_names(c.layers),
                        .with = [&](const Matrices& in) { return Matrices{result(f, in)}; }});
      }));
}

Verdict grade_gpt_backward(Talk& talk, Random& random, bool variant) {
  const std::vector<GptCase> cases = draw_gpts(random, variant);
  const auto ask = [](Talk& who, Index object, const GptCase& c) {
    const auto f = forward(c);
    c.ask_forward(who, object, "gpt");
    if (who.between) who.between();
    Values q{number(object)};
    append(q, c.before), q.push_back(c.dlogits);
    const std::vector<std::string> names = gradient_names(gpt_names(c.layers));
    return compare(
        who.ask_matrices("gpt backward", q),
        {.names = names,
         .right = added(right_gradients(f, c.in, c.dlogits, c.first), c.before, false),
         .wrong =
             [&](const Mistakes& m) {
               return added(gradients(f, c.in, c.dlogits, m), c.before, false);
             },
         .mistakes = all_of(in_gpt_backward, all_of(in_block_backward, all_of(in_slope, in_gpt))),
         .tolerance = gradient_tolerance,
         .before = c.before,
         .sizes = c.sizes()});
  };
  return in_turn(talk, turns<GptCase>(cases, ask, [other = cases[4]](Talk& who) {
                   other.ask_forward(who, 1, "gpt");
                 }));
}

Verdict grade_numbers(Talk& talk, Random& random, const std::string& part) {
  const bool slope = part != "gelu";
  std::vector<Matrix> cases;
  for (const auto& [rows, cols] : {std::pair<Index, Index>{6, 5}, {6, 5}, {9, 7}, {2, 3}})
    cases.push_back(normals(random, rows, cols, 2));
  return in_turn(talk, turns<Matrix>(cases, [&](Talk& who, Index, const Matrix& x) {
                   const Matrix ones = Matrix::Ones(x.rows(), x.cols());
                   const auto f = gelu_of_all();
                   return compare(
                       who.ask_matrices(part, {x}),
                       {.names = {slope ? "slope" : "y"},
                        .right = slope ? differences(f, {x}, ones) : Matrices{result(f, {x})},
                        .wrong =
                            [&](const Mistakes& m) {
                              return slope ? gradients(f, {x}, ones, m)
                                           : Matrices{result(f, {x}, m)};
                            },
                        .mistakes = slope ? all_of(in_slope, in_gelu) : in_gelu,
                        .tolerance = slope ? gradient_tolerance : forward_tolerance,
                        .known = {{"x", x}, {"gelu(x)", result(f, {x})}}});
                 }));
}

}  // namespace

Homework gpt_block(bool variant) {
  const Text title{"a GPT block, and your own GPT", "GPT bloğu ve kendi GPT'niz"};
  const Text variant_title{"a parallel GPT block, and your own GPT",
                           "yan yana çalışan GPT bloğu ve kendi GPT'niz"};
  return {
      variant ? variant_title : title,
      {{"gelu",
        {"GELU", "GELU"},
        10,
        10,
        [](Talk& talk, Random& random) { return grade_numbers(talk, random, "gelu"); }},
       {"gelu slope",
        {"GELU's slope", "GELU'nun eğimi"},
        10,
        10,
        [](Talk& talk, Random& random) { return grade_numbers(talk, random, "gelu slope"); }},
       {"block",
        {"block: forward", "blok: ileri yayılım"},
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
