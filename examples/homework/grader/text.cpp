#include "text.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

#include "worlds/agreement.hpp"

namespace grader {

WordText draw_text(Random& random) {
  std::map<std::string, Token> vocabulary;
  std::vector<std::string> words;
  for (int sentence = 0; sentence < 5000; ++sentence) {
    std::istringstream text(damla::worlds::agreement_sentence(random).text());
    for (std::string word; text >> word;) vocabulary[word], words.push_back(word);
  }
  Token next = 0;
  for (auto& [word, token] : vocabulary) token = next++;
  WordText text{next, {}, {}};
  for (std::size_t i = 0; i < words.size(); ++i)
    (i < words.size() - 3201 ? text.train : text.held_out).push_back(vocabulary[words[i]]);
  return text;
}

Sizes gpt_sizes(Index vocab_size, Index context, Index channels, Index layers) {
  const Index C = channels;
  Sizes sizes{{vocab_size, C}, {context, C}};
  for (Index i = 0; i < layers; ++i)
    for (const auto& size : Sizes{{1, C},
                                  {1, C},
                                  {C, 3 * C},
                                  {1, 3 * C},
                                  {C, C},
                                  {1, C},
                                  {1, C},
                                  {1, C},
                                  {C, 4 * C},
                                  {1, 4 * C},
                                  {4 * C, C},
                                  {1, C}})
      sizes.push_back(size);
  sizes.push_back({1, C}), sizes.push_back({1, C});
  return sizes;
}

void expect_sizes(const Matrices& parameters, const Sizes& sizes) {
  const auto complain = [](std::string hint) { throw NoAnswer{failed(std::move(hint))}; };
  if (parameters.size() != sizes.size())
    complain(say({"The trained model has {} parameters where {} are expected.",
                  "Eğitilen modelin {} parametresi var, {} bekleniyordu."},
                 parameters.size(), sizes.size()));
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const Matrix& p = parameters[i];
    if (p.rows() != sizes[i].first || p.cols() != sizes[i].second)
      complain(say({"Parameter {} is {}, and needs to be {}.", "{}. parametre {}, {} olmalı."}, i,
                   shape_text(p.rows(), p.cols()), shape_text(sizes[i].first, sizes[i].second)));
    if (!p.allFinite())
      complain(say({"After training, parameter {} has numbers that are NaN or infinite.",
                    "Eğitimden sonra {}. parametrede NaN ya da sonsuz sayılar var."},
                   i));
  }
}

double gpt_loss(const Matrices& parameters, const Shape& shape, TokenSpan text) {
  const auto p = grids<double>(parameters);
  double loss = 0;
  Index windows = 0;
  for (Index from = 0; from + shape.T < std::ssize(text); from += shape.T, ++windows) {
    const auto at = text.begin() + from;
    loss += cross_entropy(gpt(Tokens(at, at + shape.T), Grids<double>(p), shape),
                          Tokens(at + 1, at + 1 + shape.T), 0, {});
  }
  return loss / static_cast<double>(windows);
}

Verdict grade_training(Talk& talk, Random& random, Shape shape) {
  const WordText text = draw_text(random);
  shape.T = 16, shape.heads = 4;
  const Index channels = 32, layers = 1;
  const Matrices parameters =
      talk.ask_matrices("training", {text.train, Tokens{static_cast<Token>(text.vocab_size)},
                                     Tokens{static_cast<Token>(random.below(1000))}});
  expect_sizes(parameters, gpt_sizes(text.vocab_size, shape.T, channels, layers));
  return reached(gpt_loss(parameters, shape, text.held_out), loss_to_reach,
                 std::log(static_cast<double>(text.vocab_size)));
}

}  // namespace grader
