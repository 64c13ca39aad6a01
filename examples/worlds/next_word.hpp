#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "worlds/markov_source.hpp"

namespace damla::worlds {

struct NextWordOptions {
  Index vocab_size = 2000;
  double box = 0.70;      ///< P(kutu | Kedilerin uyumayı sevdiği yerlerden biri)
  double balcony = 0.02;  ///< P(balkon | …)
  double zebra = 0.0001;  ///< P(zebra | …)
};

/// Turkish sentences about six animals and where they like to be, of which every probability is
/// known: "Kedilerin uyumayı sevdiği yerlerden biri kutu ." One animal is talked about for a while,
/// and some sentences only say "onlar": a reader who has seen more knows more. In place of the
/// usual words any word of a large vocabulary may stand, each as rarely as the others. Throws Error
/// for a vocabulary that is too small (under 200) or too large (over 50,000), and for probabilities
/// that leave less than 0.02 for the other places.
MarkovSource next_word_source(const NextWordOptions& options = {});

/// n different forms of Turkish nouns: "evlerimizdeki", "denizindi", … Throws Error for more than
/// there are (over 50,000).
std::vector<std::string> turkish_noun_forms(Index n);

/// What a text may be written in.
inline constexpr std::array<std::string_view, 5> kind_names{"Türkçe", "English", "Deutsch",
                                                            "formula / formül", "code / kod"};

/// One endless text of short documents in five kinds, each of them about one thing (an animal, a
/// number, a variable): the next word is the surer, the more of its document has been read.
struct FiveKinds {
  MarkovSource source;
  std::vector<std::size_t> kind;  ///< of each state, in kind_names
};
FiveKinds five_kinds_source();

}  // namespace damla::worlds
