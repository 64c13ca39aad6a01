#pragma once

#include <span>

#include "damla/core/view.hpp"

// The formulas once more, for the processor: the same text compiled once at full optimisation, its
// rows spread over the threads (src/engine/rows.cpp). A call such as `softmax(y, x)` finds these
// before the templates. What a call writes may be what it reads only where the formula's comment
// says so; anything else that overlaps throws Error. With DAMLA_STEP they are not there, and the
// debugger steps into the formula itself.
#ifndef DAMLA_STEP
namespace damla { inline namespace DAMLA_ABI { namespace functional {

struct AdamWStep;
struct Visible;
enum class RotaryPairs;

void softmax(View y, ConstView x);
void softmax_backward(View dx, ConstView y, ConstView dy);
void cross_entropy(View p, std::span<double> loss, ConstView logits, TokenSpan targets);
void cross_entropy_backward(View dlogits, ConstView p, TokenSpan targets, Scalar scale);
void layer_norm(View y, std::span<double> mean, std::span<double> rstd, ConstView x,
                ConstView weight, ConstView bias, Scalar epsilon);
void layer_norm_backward(View dx, ConstView x, std::span<const double> mean,
                         std::span<const double> rstd, ConstView weight, ConstView dy);
void layer_norm_backward_parameters(View dweight, View dbias, ConstView x,
                                    std::span<const double> mean, std::span<const double> rstd,
                                    ConstView dy);
void rms_norm(View y, View rstd, ConstView x, ConstView weight, Scalar epsilon);
void rms_norm_backward(View dx, ConstView rstd, ConstView x, ConstView weight, ConstView dy);
void rms_norm_backward_parameters(View dweight, ConstView rstd, ConstView x, ConstView dy);
void relu(View y, ConstView x);
void relu_backward(View dx, ConstView x, ConstView dy);
void tanh(View y, ConstView x);
void tanh_backward(View dx, ConstView y, ConstView dy);
void sigmoid(View y, ConstView x);
void sigmoid_backward(View dx, ConstView y, ConstView dy);
void gelu(View y, ConstView x);
void gelu_backward(View dx, ConstView x, ConstView y, ConstView dy);
void exact_gelu(View y, ConstView x);
void exact_gelu_backward(View dx, ConstView x, ConstView dy);
void swiglu(View y, ConstView gate, ConstView up);
void swiglu_backward(View dgate, View dup, ConstView gate, ConstView up, ConstView dy);
void rotate(View y, ConstView x, ConstView cosine, ConstView sine, RotaryPairs pairs);
void rotate_backward(View dx, ConstView cosine, ConstView sine, ConstView dy, RotaryPairs pairs);
void add(View z, ConstView x, ConstView y);
void add_rows(View sum, ConstView x);
double sum_of_squares(ConstView x);
void adamw(View w, View m, View v, ConstView g, const AdamWStep& step);
// With products of their own (src/engine/attention.cpp): a head's are many and small.
void attend(View y, View weights, ConstView q, ConstView k, ConstView v, Visible visible);
void attend_backward(View dq, View dk, View dv, ConstView dy, ConstView q, ConstView k, ConstView v,
                     ConstView weights, Visible visible);
void attend_blockwise(View y, View peaks, ConstView q, ConstView k, ConstView v, Visible visible);
void attend_blockwise_backward(View dq, View dk, View dv, ConstView dy, ConstView q, ConstView k,
                               ConstView v, ConstView y, ConstView peaks, Visible visible);

}}}  // namespace damla::DAMLA_ABI::functional
#endif
