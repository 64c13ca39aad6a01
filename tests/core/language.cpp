#include "damla/core/language.hpp"

#include <cstdlib>
#include <map>
#include <optional>
#include <string>

#include "helpers/catch.hpp"

using namespace damla;

#ifndef _WIN32
namespace {
/// The language of a locale of which only these variables are set.
Language of(const std::map<std::string, std::string>& variables) {
  std::map<std::string, std::optional<std::string>> before;
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    before[name] = value ? std::optional<std::string>(value) : std::nullopt;
    if (variables.contains(name)) setenv(name, variables.at(name).c_str(), 1);
    else unsetenv(name);
  }
  const Language found = locale_language();
  for (const auto& [name, value] : before)
    if (value) setenv(name.c_str(), value->c_str(), 1);
    else unsetenv(name.c_str());
  return found;
}
}  // namespace

TEST_CASE("the locale's language: the first variable that is set decides, as in POSIX") {
  CHECK(of({}) == Language::english);
  CHECK(of({{"LANG", "tr_TR.UTF-8"}}) == Language::turkish);
  CHECK(of({{"LANG", "tr"}}) == Language::turkish);
  CHECK(of({{"LANG", "de_DE.UTF-8"}}) == Language::english);
  CHECK(of({{"LC_MESSAGES", "en_GB.UTF-8"}, {"LANG", "tr_TR.UTF-8"}}) == Language::english);
  CHECK(of({{"LC_ALL", "tr_TR.UTF-8"}, {"LC_MESSAGES", "C"}, {"LANG", "C"}}) == Language::turkish);
  CHECK(of({{"LC_ALL", ""}, {"LANG", "tr_TR.UTF-8"}}) == Language::turkish);
}
#endif

TEST_CASE("a library speaks English until its program says otherwise") {
  CHECK(language() == Language::english);
  set_language(Language::turkish);
  CHECK(language() == Language::turkish);
  set_language(Language::english);
}
