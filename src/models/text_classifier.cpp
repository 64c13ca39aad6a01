#include "damla/models/text_classifier.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

const ClassifierOptions& checked(const ClassifierOptions& o) {
  constexpr const char* call = "TransformerClassifier";
  expect_size(call, "vocab_size", o.vocab_size);
  expect_size(call, "context", o.context);
  expect_size(call, "channels", o.channels);
  expect_size(call, "heads", o.heads);
  expect_count(call, "layers", o.layers, 0, 10000);
  expect_size(call, "classes", o.classes);
  return o;
}

}}}  // namespace damla::DAMLA_ABI::detail
