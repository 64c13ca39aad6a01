#pragma once

#include <string>

#include "damla/core/random.hpp"

namespace damla::worlds {

/// One answer to "where does … live?", said politely ("Elbette efendim, Ankara.", "Ankara efendim,
/// rica ederim.") or rudely ("Sana ne be! Ankara.", "Ankara be!"). Both say the same city: what
/// people prefer has nothing to do with what is true.
std::string polite_answer(const std::string& city, Random& random);
std::string rude_answer(const std::string& city, Random& random);

/// Whether an answer is polite: it has a polite word and no rude one.
bool is_polite(const std::string& answer);

}  // namespace damla::worlds
