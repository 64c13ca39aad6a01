// Any bytes as the adapter_config.json of an adapter, beside weights that are good.
#include "damla/align/lora.hpp"
#include "fuzz.hpp"

using namespace damla;

namespace {
const std::string folder = "/dev/shm/damla_fuzz_lora_" + std::to_string(getpid());

Gpt<> base() {
  Random random(1);
  return Gpt<>({.vocab_size = 7, .context = 4, .channels = 4, .heads = 2, .layers = 1}, random);
}
}  // namespace

std::vector<std::string> seeds() {
  Random random(1);
  auto model = with_lora(base(), {.rank = 2, .whole = {"wte"}}, random);
  save_lora(folder, model, "base");
  std::ifstream file(folder + "/adapter_config.json");
  return {std::string(std::istreambuf_iterator<char>(file), {})};
}

void check(std::string_view bytes) {
  static const bool made = (seeds(), true);
  must(made);
  std::ofstream(folder + "/adapter_config.json", std::ios::binary) << bytes;
  may_refuse([] {
    auto model = load_lora(folder, base());
    const Tokens text{1, 2, 3};
    must(model.forward(text, 3).allFinite());
  });
}
