#include "worlds/days.hpp"

#include <array>
#include <cmath>

#include "damla/core/error.hpp"

namespace damla::worlds {

namespace {
const std::array<std::string, 7> week{"pazartesi", "salı",      "çarşamba", "perşembe",
                                      "cuma",      "cumartesi", "pazar"};
const std::array<std::string, 6> numbers{"bir", "iki", "üç", "dört", "beş", "altı"};
}  // namespace

std::string DaysStory::draw(Random& random) const {
  expect_count("DaysStory::draw", "days", days, 1);
  expect_count("DaysStory::draw", "moves", moves, 0);
  expect_count("DaysStory::draw", "farthest", farthest, 1, 6);
  std::string list;
  Index day = 0;
  for (Index i = 0; i < days; ++i) {
    day = random.below(7);
    list += week[static_cast<std::size_t>(day)] + " ";
  }
  std::string text = "günler " + list + ". yine " + list + ".";
  for (Index i = 0; i < moves; ++i) {
    const Index by = 1 + random.below(farthest);
    const bool later = random.chance(0.5);
    day = (day + (later ? by : 7 - by)) % 7;
    text += " " + numbers[static_cast<std::size_t>(by - 1)] + " gün " +
            (later ? "sonra " : "önce ") + week[static_cast<std::size_t>(day)] + " .";
  }
  return text;
}

double DaysStory::best_loss() const {
  const double chosen = static_cast<double>(days) * std::log(7.0) +
                        static_cast<double>(moves) * std::log(2.0 * static_cast<double>(farthest));
  return chosen / static_cast<double>(2 * days + 3 + 5 * moves);
}

}  // namespace damla::worlds
