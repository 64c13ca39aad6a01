#pragma once

// The pictures and the table of lesson 05.

#include <fmt/format.h>

#include "claims.hpp"
#include "damla/damla.hpp"
#include "damla/models/size.hpp"
#include "report/lesson.hpp"
#include "report/picture.hpp"

namespace damla::report {

/// The weights of each head on a text: who looks at whom.
inline void draw_heads(Lesson& lesson, Gpt<>& model, const WordTokenizer& words,
                       const std::string& text) {
  const Tokens tokens = words.encode(text);
  const Index T = std::ssize(tokens);
  model.forward(tokens, T);
  std::vector<std::string> labels;
  for (const Token token : tokens) labels.push_back(words.piece(token));
  for (Index h = 0; h < model.options.heads; ++h)
    draw_heat_map(lesson.picture(fmt::format("head_{}", h + 1),
                                 fmt::format("Where head {} looks: “{} …”", h + 1, text),
                                 fmt::format("{}. kafa nereye bakıyor: “{} …”", h + 1, text)),
                  {.title = fmt::format("Kafa {}", h + 1),
                   .x = "bakılan / looked at",
                   .y = "bakan / looking"},
                  labels, labels,
                  model.transformer.blocks[0].attention.weights.middleRows(h * T, T));
}

/// How large is large? Numbers that are learned, and neurons, which are far fewer.
inline void show_sizes(Lesson& lesson, const GptOptions& size) {
  std::vector<std::vector<std::string>> sizes{{"model", "parameters", "neurons"}};
  for (const auto& [name, options] : {std::pair{"this lesson's", size},
                                      {"GPT-2 small", gpt2_small},
                                      {"GPT-2 XL", gpt2_xl},
                                      {"GPT-3", gpt3}})
    sizes.push_back({name, fmt::format("{}", parameter_count(options)),
                     fmt::format("{}", neuron_count(options))});
  lesson.table("Parameters are counted, not neurons", "Sayılan nöronlar değil, parametrelerdir",
               sizes);
  lesson.claim(claims::parameters_of_gpt2, static_cast<double>(parameter_count(gpt2_small)));
}

}  // namespace damla::report
