// Any lines "key=value" as a GPT's settings: what is not refused can be built, and says the same.
#include "damla/models/size.hpp"
#include "damla/train/checkpoint.hpp"
#include "fuzz.hpp"

using namespace damla;

std::vector<std::string> seeds() {
  std::string text;
  for (const auto& [key, value] : gpt_settings({.vocab_size = 5, .context = 3, .channels = 4}))
    text += key + "=" + value + "\n";
  return {text};
}

void check(std::string_view bytes) {
  Settings settings;
  while (!bytes.empty()) {
    const std::string_view line = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
    const std::size_t equals = std::min(line.find('='), line.size());
    settings[std::string(line.substr(0, equals))] = line.substr(std::min(equals + 1, line.size()));
  }
  may_refuse([&] {
    const GptOptions options = gpt_options(settings);
    must(gpt_options(gpt_settings(options)) == options);
    Random random(1);
    if (options.layers < 100 && parameter_count(options) < 1000) Gpt<>(options, random);
  });
}
