#include "damla/core/language.hpp"

#include <atomic>
#include <cstdlib>
#include <string_view>

namespace damla { inline namespace DAMLA_ABI {

namespace {
std::atomic<Language> chosen = Language::english;
}

Language language() { return chosen; }
void set_language(Language language) { chosen = language; }

Language locale_language() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0')
      return std::string_view(value).starts_with("tr") ? Language::turkish : Language::english;
  return Language::english;
}

}}  // namespace damla::DAMLA_ABI
