// Answers the grader's questions about homework 1 with the student's code. Nothing to write here.
#include "homework.hpp"

#include <damla/optim/sgd.hpp>

namespace student {

inline homework::Parts parts() {
  using homework::Question, homework::Values;
  return {{"softmax", [](Question& q) -> Values { return {softmax(q.matrix())}; }},
          {"loss",
           [](Question& q) -> Values {
             const Matrix logits = q.matrix();
             return {Matrix(
                 Matrix::Constant(1, 1, static_cast<Scalar>(cross_entropy(logits, q.tokens()))))};
           }},
          {"gradient",
           [](Question& q) -> Values {
             const Matrix logits = q.matrix();
             return {cross_entropy_gradient(logits, q.tokens())};
           }},
          {"forward",
           [](Question& q) -> Values {
             const Matrix x = q.matrix(), weight = q.matrix(), bias = q.matrix();
             Classifier classifier(weight.rows(), weight.cols());
             classifier.weight.value = weight, classifier.bias.value = bias;
             return {classifier.forward(x)};
           }},
          {"backward",
           [](Question& q) -> Values {
             const Matrix x = q.matrix(), weight = q.matrix(), bias = q.matrix();
             Classifier classifier(weight.rows(), weight.cols());
             classifier.weight.value = weight, classifier.bias.value = bias;
             classifier.weight.grad() = q.matrix(), classifier.bias.grad() = q.matrix();
             classifier.forward(x);
             Values answer{classifier.backward(x, q.matrix())};
             homework::add_gradients(answer, classifier);
             return answer;
           }},
          {"training", [](Question& q) -> Values {
             const Matrix x = q.matrix();
             const Tokens classes = q.tokens();
             Classifier classifier(x.cols(), q.number());
             Sgd sgd{.learning_rate = Scalar(0.5)};
             for (int step = 0; step < 400; ++step) {
               const Matrix& logits = classifier.forward(x);
               zero_gradients(classifier);
               classifier.backward(x, cross_entropy_gradient(logits, classes));
               sgd.step(classifier);
             }
             Values answer;
             homework::add_parameters(answer, classifier);
             return answer;
           }}};
}

}  // namespace student

ANSWERING_PROGRAM
