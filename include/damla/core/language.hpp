#pragma once

#include "damla/core/scalar.hpp"

namespace damla { inline namespace DAMLA_ABI {

enum class Language { english, turkish };

/// The language of what is shown while something runs (Progress): English, until a program sets
/// another. Errors are always English.
Language language();
void set_language(Language language);

/// What the user's locale asks for: Turkish when the first of the environment's LC_ALL, LC_MESSAGES
/// and LANG that is set begins with "tr", else English.
Language locale_language();

}}  // namespace damla::DAMLA_ABI
