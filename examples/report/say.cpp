#include "report/say.hpp"

#include <regex>

namespace damla::report {

std::string in_language(const std::string& both, Language wanted) {
  const std::size_t bar = both.find(" / ");
  if (bar == std::string::npos) return both;
  return wanted == Language::turkish ? both.substr(bar + 3) : both.substr(0, bar);
}

std::string decimal_comma(const std::string& text) {
  static const std::regex point("([0-9])\\.(?=[0-9])"), list("([0-9]), (?=(?:-|−)?[0-9])"),
      percent("((?:-|−|\\+)?[0-9][0-9,]*) %");
  std::string turkish = std::regex_replace(text, point, "$1,");
  if (turkish != text) turkish = std::regex_replace(turkish, list, "$1; ");
  return std::regex_replace(turkish, percent, "%$1");
}

}  // namespace damla::report
