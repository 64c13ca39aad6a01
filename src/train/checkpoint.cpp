#include "damla/train/checkpoint.hpp"

#include <fmt/format.h>

#include <locale>
#include <sstream>

namespace damla { inline namespace DAMLA_ABI {

namespace {
const std::string& setting(const std::string& path, const Settings& settings,
                           const std::string& key) {
  const auto found = settings.find(key);
  if (found == settings.end())
    throw Error(fmt::format("{}: has no setting \"{}\": it was not saved as such a run or model",
                            path, key));
  return found->second;
}

template <class Number>
Number parse(const std::string& path, const std::string& key, std::string_view text) {
  Number value{};
  std::istringstream in{
      std::string(text)};  // not std::from_chars, which on macOS knows whole numbers only
  in.imbue(std::locale::classic());
  if (!(in >> std::noskipws >> value) || in.peek() != std::istringstream::traits_type::eof())
    throw Error(
        fmt::format("{}: setting \"{}\" is \"{}\", but needs to be a number", path, key, text));
  return value;
}
}  // namespace

namespace detail {
std::string random_text(const Random& random) {
  return fmt::format("{} {}", random.state().state, random.state().increment);
}

void random_from_text(const std::string& path, const Settings& settings, const std::string& key,
                      Random& random) {
  const std::string& text = setting(path, settings, key);
  const std::size_t space = text.find(' ');
  if (space == std::string::npos)
    throw Error(fmt::format("{}: setting \"{}\" needs to be two numbers", path, key));
  random.set_state({parse<std::uint64_t>(path, key, std::string_view(text).substr(0, space)),
                    parse<std::uint64_t>(path, key, std::string_view(text).substr(space + 1))});
}

Index number_from_text(const std::string& path, const Settings& settings, const std::string& key) {
  return parse<Index>(path, key, setting(path, settings, key));
}
}  // namespace detail

Settings gpt_settings(const GptOptions& o) {
  return {{"gpt.vocab_size", std::to_string(o.vocab_size)},
          {"gpt.context", std::to_string(o.context)},
          {"gpt.channels", std::to_string(o.channels)},
          {"gpt.heads", std::to_string(o.heads)},
          {"gpt.layers", std::to_string(o.layers)},
          {"gpt.tied", o.tied ? "1" : "0"},
          {"gpt.dropout", fmt::format("{}", o.dropout)},
          {"gpt.deviation", fmt::format("{}", o.init_std)}};
}

GptOptions gpt_options(const Settings& settings) {
  const std::string path = "a GPT's settings";
  const auto number = [&](const char* key) {
    return detail::number_from_text(path, settings, key);
  };
  GptOptions o;
  o.vocab_size = number("gpt.vocab_size"), o.context = number("gpt.context"),
  o.channels = number("gpt.channels");
  o.heads = number("gpt.heads"), o.layers = number("gpt.layers"), o.tied = number("gpt.tied") != 0;
  o.dropout = parse<Scalar>(path, "gpt.dropout", setting(path, settings, "gpt.dropout"));
  const auto deviation = settings.find("gpt.deviation");  // older files have none
  if (deviation != settings.end())
    o.init_std = parse<double>(path, deviation->first, deviation->second);
  return o;
}

}}  // namespace damla::DAMLA_ABI
