#pragma once

#include "worlds/markov_source.hpp"

namespace damla::worlds {

/// A language of which every probability is known: a noun, a word behind it, a noun, a word behind
/// it, … A few nouns are frequent and most are rare, as in every real text: the noun of rank r
/// comes as often as 1/r says (Zipf, 1935). Behind each stands one of four words of its own, with
/// 50, 25, 15 and 10 %, out of 64 that all nouns share. Throws Error for fewer than one noun.
MarkovSource zipf_source(Index nouns, Random& random);

}  // namespace damla::worlds
