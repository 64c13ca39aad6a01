// Answers the grader's questions about homework 5 with the student's code. Nothing to write here.
#include "homework.hpp"

namespace student {

inline homework::Values asked_block(homework::Question& q, bool backward) {
  const Index T = q.number();
  BlockOptions options{.heads = q.number()};
  const Matrix x = q.matrix();
  options.channels = x.cols();
  Random random(0);
  Block block(options, random);
  homework::set_parameters(block, q, backward);
  homework::Values answer{block.forward(x, T)};
  if (!backward) return answer;
  answer[0] = block.backward(x, q.matrix(), T);
  homework::add_gradients(answer, block);
  return answer;
}

template <class Model>
homework::Values asked_gpt(homework::Question& q, bool backward) {
  GptOptions options{.vocab_size = q.number(), .context = q.number(), .channels = q.number()};
  options.layers = q.number();
  const Index T = q.number();
  options.heads = q.number();
  Random random(0);
  Model model(options, random);
  homework::set_parameters(model, q);
  const Tokens tokens = q.tokens();
  homework::Values answer{model.forward(tokens, T)};
  if (!backward) return answer;
  answer.clear();
  model.visit_parameters([&](std::string_view, Parameter& p) { p.grad() = q.matrix(); });
  model.backward(tokens, q.matrix(), T);
  homework::add_gradients(answer, model);
  return answer;
}

inline homework::Parts parts() {
  using homework::Question, homework::Values;
  return {{"gelu", [](Question& q) -> Values { return {gelu(q.matrix())}; }},
          {"gelu slope", [](Question& q) -> Values { return {gelu_slope(q.matrix())}; }},
          {"block", [](Question& q) { return asked_block(q, false); }},
          {"block backward", [](Question& q) { return asked_block(q, true); }},
          {"gpt", [](Question& q) { return asked_gpt<Gpt>(q, false); }},
          {"gpt backward", [](Question& q) { return asked_gpt<Gpt>(q, true); }},
#ifndef WITHOUT_TRAINING
          {"library gpt", [](Question& q) { return asked_gpt<damla::Gpt<Block>>(q, false); }},
          {"training",
           [](Question& q) {
             const Tokens text = q.tokens();
             const Index vocab_size = q.number();
             Random random(static_cast<std::uint64_t>(q.number()));
             const GptOptions options{.vocab_size = vocab_size,
                                      .context = 16,
                                      .channels = 32,
                                      .heads = 4,
                                      .layers = 1,
                                      .init_std = 0.1};
             Gpt model(options, random);
             random.fill_normal(model.token_embedding.weight.value, 0.2),
                 random.fill_normal(model.positions.weight.value, 0.2);  // a quick start
             train(model, text, random);
             Values answer;
             homework::add_parameters(answer, model);
             return answer;
           }}
#endif
  };
}

}  // namespace student

ANSWERING_PROGRAM
