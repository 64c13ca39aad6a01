#pragma once

#include <array>
#include <string>
#include <vector>

#include "damla/core/scalar.hpp"

namespace damla::worlds {

/// What "yüz" can mean, in English and in Turkish.
inline constexpr std::array<const char*, 3> sense_names{"yüz: face / yüz: surat", "yüz: 100",
                                                        "yüz: swim / yüz: yüzmek"};

/// A sentence with "yüz" or another word of one of its senses: "Tahtada bugün yüz çizdik.",
/// "Bankada bugün yüz lira saydık.", "Denizde bugün yüz ve dinlen." Only the place, which stands at
/// the front, tells the sense; the word just before "yüz" does not.
struct SenseSentence {
  Index sense;        // 0 a face, 1 a hundred, 2 swim!
  std::string begin;  // "Tahtada bugün"
  std::string word;   // "yüz"; or "el", "göz", "burun"; "elli", …; "dal", …
  std::string rest;   // "çizdik."
  bool held_out;      // "yüz" in one of the places in which no model is to read it

  std::string text() const { return begin + " " + word + " " + rest; }
};

/// Every such sentence: of each sense there are as many, and as many of them held out.
std::vector<SenseSentence> sense_sentences();

}  // namespace damla::worlds
