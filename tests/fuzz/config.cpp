// Any bytes as the config.json of a folder: what is not refused says the same when it is written.
#include "hub/config.hpp"

#include "fuzz.hpp"

using namespace damla;

std::vector<std::string> seeds() {
  const LlamaOptions scaled{.channels = 8, .heads = 2, .rotary = {.scaling = RotaryScaling{}}},
      qwen2{.channels = 8, .heads = 2, .qkv_bias = true},
      qwen3{.channels = 8, .heads = 2, .head_size = 6, .qk_norm = true};
  std::vector<std::string> all{detail::config_of(GptOptions{.channels = 8, .heads = 2}).dump()};
  for (const LlamaOptions& o : {scaled, qwen2, qwen3})
    all.push_back(detail::config_of(detail::filled(o)).dump());
  return all;
}

namespace {
template <class Options>
void check_options(const detail::Config& config) {
  may_refuse([&] {
    Options options, again;
    detail::read_options(options, config);
    detail::read_options(again, {config.path, detail::config_of(options)});
    must(again == options);
  });
}
}  // namespace

void check(std::string_view bytes) {
  static const std::string folder = "/dev/shm/damla_fuzz_config_" + std::to_string(getpid());
  std::filesystem::create_directory(folder);
  std::ofstream(folder + "/config.json", std::ios::binary) << bytes;
  may_refuse([&] {
    const detail::Config config = detail::read_config(folder);
    if (config.type() == "gpt2") check_options<GptOptions>(config);
    else check_options<LlamaOptions>(config);
  });
}
