#pragma once

#include <array>
#include <string>
#include <vector>

#include "damla/core/random.hpp"

namespace damla::worlds {

/// A place, and what is found there and nowhere else: okul; öğretmen, öğrenci, sınav.
struct Place {
  std::string noun;
  std::array<std::string, 3> company;
};

/// A form of nouns, and the verbs that ask for it: evde kaldık, eve gittik, evden çıktık.
struct Inflection {
  std::string name;    ///< "locative", in both languages
  std::string suffix;  ///< as turkish::add_suffix takes it; empty: the bare noun
  std::array<std::string, 4> verbs;
};

/// Turkish sentences about places, in which the noun's form follows from the verb, and its company
/// from the noun: "Okulda bekledik, öğretmen vardı." Both choices are free of each other, so that a
/// form's meaning is the noun's and the suffix's together.
struct PlaceSource {
  bool verbs_fit = true;  ///< false: any verb stands beside any form
  std::vector<Place> places;
  std::vector<Inflection> inflections;  ///< the bare noun first

  PlaceSource();

  /// "ev", and the inflection of "evde": "evde".
  std::string form(const Place& place, const Inflection& inflection) const;
  /// One sentence, in small letters.
  std::string draw(Random& random) const;
};

}  // namespace damla::worlds
