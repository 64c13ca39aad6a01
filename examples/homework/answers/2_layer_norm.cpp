// Answers the grader's questions about homework 2 with the student's code. Nothing to write here.
#include "homework.hpp"

#include "training.hpp"

namespace student {

/// The student's layer, and what it was given: forward and backward are asked apart. Who is asked
/// by the same number again is the same object.
struct AskedNorm {
  LayerNorm layer;
  Matrix x;
  explicit AskedNorm(Index channels) : layer(channels) {}
};
inline std::map<Index, AskedNorm> asked_norms;

inline homework::Parts parts() {
  return {{"forward",
           [](homework::Question& q) -> homework::Values {
             const Index number = q.number();
             const Matrix x = q.matrix();
             AskedNorm& asked = asked_norms.try_emplace(number, x.cols()).first->second;
             asked.x = x;
             homework::set_parameters(asked.layer, q);
             return {asked.layer.forward(asked.x)};
           }},
          {"backward",
           [](homework::Question& q) {
             auto& [layer, x] = asked_norms.at(q.number());
             homework::set_gradients(layer, q);
             homework::Values answer{layer.backward(x, q.matrix())};
             homework::add_gradients(answer, layer);
             return answer;
           }},
#ifndef WITHOUT_TRAINING
          {"training", train_gpt<TransformerBlock<MultiHeadAttention, LayerNorm>>}
#endif
  };
}

}  // namespace student

ANSWERING_PROGRAM
