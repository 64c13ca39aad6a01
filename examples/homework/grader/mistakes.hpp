#pragma once

#include <fmt/format.h>

#include <bitset>
#include <initializer_list>
#include <string>

#include "damla/core/language.hpp"

namespace grader {

/// A text in both languages.
struct Text {
  const char* english;
  const char* turkish;
};
/// In the language of this run.
inline const char* say(Text text) {
  return damla::language() == damla::Language::turkish ? text.turkish : text.english;
}
/// The same with {} in the text filled in.
template <class... Args>
std::string say(Text text, const Args&... args) {
  return fmt::format(fmt::runtime(say(text)), args...);
}

/// What students get wrong. Names and advice stand in advice.cpp.
enum class Mistake {
  none,
  // of any layer
  gradient_assigned,
  gradient_forgotten,
  transposed,
  negated,
  all_zero,
  nearly_right,
  wrong_factor,
  wrong_sign,
  something_added,
  other_quantity,
  other_order,
  wrong_of_row,
  term_miscounted,
  too_short,
  too_long,
  not_set,
  state_left,
  state_shared,
  added_to_old,
  // 1: softmax classifier
  softmax_columns,
  no_maximum,
  not_normalised,
  not_averaged,
  averaged_twice,
  averaged_over_classes,
  ignored_counted,
  ignored_has_gradient,
  base_two,
  positive_log,
  no_one_hot,
  no_smoothing,
  no_bias,
  weight_not_transposed,
  // 2: LayerNorm
  sample_variance,
  no_epsilon,
  epsilon_outside,
  no_mean,
  mean_taken_off,
  no_root,
  no_gain,
  no_shift,
  statistics_of_columns,
  mean_constant,
  variance_constant,
  no_gain_in_dx,
  no_inverse_in_dx,
  gain_gradient_from_x,
  // 3: byte pairs
  ties_larger,
  ties_first_seen,
  across_words,
  words_counted_once,
  bytes_not_counted,
  rare_pairs_merged,
  merged_once_a_word,
  overlaps_not_counted,
  signed_bytes,
  encode_left_to_right,
  encode_longest,
  encode_across_words,
  encode_last_first,
  decode_one_level,
  space_alone,
  digits_together,
  // 4: attention
  no_scale,
  scale_not_rooted,
  scale_of_all_channels,
  mask_one_late,
  mask_one_early,
  mask_one_early_zero,
  no_mask,
  mask_after_softmax,
  softmax_over_queries,
  heads_interleaved,
  query_key_swapped,
  key_value_swapped,
  sequences_mixed,
  time_major,
  no_projection,
  no_window,
  window_off_by_one,
  softmax_sum_constant,
  no_scale_in_gradient,
  key_gradient_transposed,
  no_value_gradient,
  no_query_gradient,
  no_key_gradient,
  weights_constant,
  // 5: block and GPT
  gelu_cubic,
  gelu_root,
  gelu_exact,
  gelu_sigmoid,
  gelu_no_half,
  gelu_slope_short,
  gelu_slope_no_three,
  post_norm,
  no_first_residual,
  no_second_residual,
  second_norm_of_x,
  second_residual_of_x,
  not_parallel,
  first_residual_constant,
  second_residual_constant,
  no_positions,
  positions_one_late,
  positions_run_on,
  no_final_norm,
  head_constant,
  embedding_constant,
  count
};

const char* mistake_name(Mistake mistake);  ///< "no_scale": for result.json
Text advice(Mistake mistake);               ///< what probably happened, and what to look at

/// One that the grader makes itself and finds again in the answer; the others are found by how the
/// answer relates to what is right.
constexpr bool known_by_its_numbers(Mistake m) {
  return m >= Mistake::softmax_columns || m == Mistake::gradient_assigned ||
         m == Mistake::gradient_forgotten;
}

/// A few mistakes made together.
class Mistakes {
 public:
  Mistakes() = default;
  Mistakes(std::initializer_list<Mistake> all) {
    for (const Mistake m : all) made_.set(static_cast<std::size_t>(m));
  }
  bool operator()(Mistake m) const { return made_.test(static_cast<std::size_t>(m)); }

 private:
  std::bitset<static_cast<std::size_t>(Mistake::count)> made_;
};

}  // namespace grader
