#include "worlds/zipf_source.hpp"

#include "damla/core/error.hpp"
#include "worlds/next_word.hpp"

namespace damla::worlds {

MarkovSource zipf_source(Index nouns, Random& random) {
  require(nouns >= 1, "zipf_source: at least one noun is needed");
  const std::vector<std::string> forms = turkish_noun_forms(nouns + 64);
  std::vector<std::string> behind(forms.begin() + nouns, forms.end());
  double sum = 0;
  for (Index rank = 1; rank <= nouns; ++rank) sum += 1.0 / static_cast<double>(rank);
  MarkovSource source;
  const Index noun_comes = source.state();
  for (Index rank = 1; rank <= nouns; ++rank) {
    const Index came = source.state();
    const std::string& noun = forms[static_cast<std::size_t>(rank - 1)];
    source.edge(noun_comes, 1 / (static_cast<double>(rank) * sum), noun, came);
    random.shuffle(behind);
    source.edge(came, 0.50, behind[0], noun_comes);
    source.edge(came, 0.25, behind[1], noun_comes);
    source.edge(came, 0.15, behind[2], noun_comes);
    source.edge(came, 0.10, behind[3], noun_comes);
  }
  source.finish({});
  return source;
}

}  // namespace damla::worlds
