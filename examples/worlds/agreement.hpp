#pragma once

#include <string>

#include "damla/core/random.hpp"

namespace damla::worlds {

/// A sentence whose last word can only be guessed by looking back at two others: the ending agrees
/// with the subject ("Ben … geldim", "Biz … geldik"), the verb with the case of the place ("eve
/// geldim", "evden çıktım", "evde kaldım").
struct AgreementSentence {
  std::string subject, adjective, place, time,
      verb;  // the adjective may be empty: so the subject's distance varies

  /// "Ben büyük eve dün geldim."
  std::string text() const;
};

/// Draws a sentence: six persons, three cases; for each case one verb, so the last word is certain
/// for who looks.
AgreementSentence agreement_sentence(Random& random);

}  // namespace damla::worlds
