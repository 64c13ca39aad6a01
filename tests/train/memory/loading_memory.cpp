// What a loaded model takes from the system: its weights, and no copy of them.
#include "damla/models/gpt.hpp"
#include "damla/train/safetensors.hpp"
#include "helpers/catch.hpp"
#include "helpers/temporary_file.hpp"
#include "train/memory/peak.hpp"

using namespace damla;

TEST_CASE("a model that is loaded takes a tenth more than its weights at most", "[memory]") {
  const GptOptions options{
      .vocab_size = 20000, .context = 64, .channels = 512, .heads = 8, .layers = 2};
  const TemporaryFile file("damla_loading_memory.safetensors");
  double weights = 0;
  {
    Random random(1);
    Gpt<> saved(options, random);
    weights = sizeof(Scalar) * static_cast<double>(parameter_count(saved));
    save_model(file.path, saved);
  }  // whose memory the system has back: the next model makes no new peak
  const double before = peak_memory();
  REQUIRE(before > weights);
  Random zeros = Random::zeros();
  Gpt<> loaded(options, zeros);
  load_model(file.path, loaded);
  CHECK(peak_memory() - before < 0.1 * weights);
  CHECK(loaded.transformer.token_embedding.weight.value(19999, 511) != 0);
}
