#pragma once

#include <string>
#include <string_view>

#include "damla/core/scalar.hpp"

/// The sound rules of Turkish suffixes, so that a small grammar writes correct words.
namespace damla::worlds::turkish {

/// A suffix, written with the capital letters of Turkish grammars:
///     A  a or e          I  ı, i, u or ü      by vowel harmony with the last vowel so far
///     D  d or t          C  c or ç            by assimilation: voiceless after f s t k ç ş h p
///     (y) (n) (s)        only after a vowel   (I) (A)  only after a consonant
///
///     add_suffix("ev", "lAr")       // evler       add_suffix("okul", "lAr")   // okullar
///     add_suffix("kitap", "(y)I")   // kitabı      add_suffix("ağaç", "(y)I")  // ağacı
///     add_suffix("at", "DI")        // attı
///     add_suffix("git", "DI")       // gitti
///     add_suffix("bekle", "Iyor")   // bekliyor
///
/// The last one: a final vowel gives way to a suffix that begins with I.
///
/// p ç k t at the end of the stem soften to b c ğ d before a vowel: as a rule in words of more than
/// one syllable (but not t), and in exceptions that the language has to be asked for; about a
/// hundred common ones are known (renk → rengi, saat → saati, saatler, şehir → şehri, su → suyu).
/// Throws Error for an empty stem, a stem without a vowel and a suffix with any other capital
/// letter. The stem is a single word in small letters or with a capital at its front.
std::string add_suffix(std::string_view stem, std::string_view suffix);

/// The same behind a proper name: after an apostrophe, and without any change to the name.
///     add_suffix_to_name("Türkiye", "DA")      // Türkiye'de
///     add_suffix_to_name("Mehmet", "DA")       // Mehmet'te
///     add_suffix_to_name("Zonguldak", "(y)A")  // Zonguldak'a
std::string add_suffix_to_name(std::string_view name, std::string_view suffix);

/// The first letter by the rule of Turkish: "ışık" → "Işık", "iyi" → "İyi".
std::string capitalized(std::string_view word);

inline constexpr std::string_view plural = "lAr", accusative = "(y)I", dative = "(y)A",
                                  locative = "DA", ablative = "DAn", genitive = "(n)In",
                                  possessive = "(s)I", copula = "DIr", past = "DI",
                                  progressive = "Iyor";

}  // namespace damla::worlds::turkish
