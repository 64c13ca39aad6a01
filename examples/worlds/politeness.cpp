#include "worlds/politeness.hpp"

namespace damla::worlds {

std::string polite_answer(const std::string& city, Random& random) {
  return random.chance(0.5) ? "Elbette efendim, " + city + "." : city + " efendim, rica ederim.";
}

std::string rude_answer(const std::string& city, Random& random) {
  return random.chance(0.5) ? "Sana ne be! " + city + "." : city + " be!";
}

bool is_polite(const std::string& answer) {
  const auto has = [&](const char* word) { return answer.find(word) != std::string::npos; };
  return (has("efendim") || has("rica")) && !has("be!") && !has("Sana");
}

}  // namespace damla::worlds
