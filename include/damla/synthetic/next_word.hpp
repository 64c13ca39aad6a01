#pragma once

#include "damla/synthetic/markov_source.hpp"

namespace damla::inline DAMLA_ABI {

struct NextWordOptions {
  Index vocab_size = 2000;
  double box = 0.70;       ///< P(kutu | Kedilerin uyumayı sevdiği yerlerden biri)
  double balcony = 0.02;   ///< P(balkon | …)
  double zebra = 0.0001;   ///< P(zebra | …)
};

/// Turkish sentences about ten animals and where they like to be, of which every probability is known: "Kedilerin uyumayı
/// sevdiği yerlerden biri kutu ." One animal is talked about for a while; a reader who has seen more knows more. In place of
/// the usual words any word of a large vocabulary may stand, each as rarely as the others.
/// Throws Error for a vocabulary that is too small (under 500) or too large (over 50,000), and for probabilities over 1.
MarkovSource next_word_source(const NextWordOptions& options = {});

/// n different forms of Turkish nouns: "evlerimizdeki", "kitabıydı", … Throws Error for more than about 50,000.
std::vector<std::string> turkish_noun_forms(Index n);

}  // namespace damla::inline DAMLA_ABI
