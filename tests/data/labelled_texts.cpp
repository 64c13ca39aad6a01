#include "damla/data/labelled_texts.hpp"

#include <fmt/format.h>

#include <ctime>

#include "damla/train/metrics.hpp"

#include "damla/core/error.hpp"
#include "damla/models/count_model.hpp"
#include "damla/models/linear_model.hpp"
#include "damla/text/character_tokenizer.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/temporary_file.hpp"

using namespace damla;

TEST_CASE("labelled texts: read, and become tokens", "[data]") {
  const TemporaryFile file("labelled_texts.csv");
  file.write(
      "text,label\n\"güzel, çok "
      "güzel\",iyi\nkötü,fena\nkötü,fena\nkötü,fena\nkötü,fena\nkötü,fena\nkötü,fena\n"
      "kötü,fena\nkötü,fena\nkötü,fena\n");
  const LabelledFile read = read_labelled_texts(file.path);
  CHECK(read.names == std::vector<std::string>{"fena", "iyi"});
  CHECK(read.texts[0].text == "güzel, çok güzel");
  CHECK(read.texts[0].label == 1);
  const WordTokenizer words = tokenizer_of(read.texts);
  const LabelledTokens all(read.texts, words), cut(read.texts, words, 2);
  CHECK(all.tokens[0].size() == 4);
  CHECK(cut.tokens[0].size() == 2);
  const LabelledTokens letters(read.texts, CharacterTokenizer::from_text("güzel, çok kötü"));
  CHECK(letters.tokens[0].size() == 16);

  CountModel<LinearModel> model{LinearModel(words.vocab_size(), 2), words.vocab_size()};
  model.forward(TokenBatch::of(std::span(all.tokens).first(2)));
  CHECK(model.x(0, words.token("güzel")) == 2);
  CHECK(model.x(1, words.token("güzel")) == 0);
  CHECK(model.x.row(1).sum() == 1);
  model.model.weight.value(words.token("güzel"), 1) = 1;
  CHECK(predicted_classes(model, {all.tokens[0]}) == Tokens{1});
  CHECK(error_says(
      [&] {
        model.forward(
            TokenBatch::of(std::vector<Tokens>{{static_cast<Token>(words.vocab_size())}}));
      },
      {"CountModel", "token 0 of text 0"}));

  CountModel<LinearModel> yes_no{LinearModel(words.vocab_size(), 1),
                                 words.vocab_size()};  // one column: the logit of class 1
  yes_no.model.bias.value(0, 0) = 10;
  CHECK(predicted_classes(yes_no, {all.tokens[0]}) == Tokens{1});
}

TEST_CASE("labelled texts: a label is the same with spaces around it or in other bytes", "[data]") {
  const TemporaryFile file("damla_labelled_spaces.csv");
  std::string text = "sep=;\nTEXT;Label\n";
  for (int i = 0; i < 4; ++i) text += "hoş;\" güzel\"\niyi;güzel \ndeğil;gu\u0308zel\nof;kötü\n";
  file.write(text);
  const LabelledFile read = read_labelled_texts(file.path);
  CHECK(read.names == std::vector<std::string>{"güzel", "kötü"});
  CHECK(read.texts.size() == 16);
  CHECK(read.texts[3].label == 1);
}

TEST_CASE("labelled texts: labels that nothing can be learned from are refused", "[data]") {
  const TemporaryFile file("damla_labelled_labels.csv");
  const auto says = [&](const std::string& rows, std::initializer_list<std::string_view> parts) {
    file.write("text,label\nbir,iyi\niki,fena\nüç,iyi\n" + rows);
    return error_says([&] { read_labelled_texts(file.path); }, parts);
  };
  CHECK(says("dört,\n", {":5", "label is missing"}));
  CHECK(says("dört,\" \"\n", {":5", "label is missing"}));
  CHECK(says("dört,İYİ\n", {":5", "\"İYİ\"", "\"iyi\"", "alike"}));
  std::string rows;
  for (int i = 0; i < 30000; ++i) rows += fmt::format("söz {0},etiket {0}\n", i);
  const std::clock_t start = std::clock();
  CHECK(says(rows, {"30003 texts", "30002 different labels", "several texts"}));
  CHECK(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC < 2);  // each pair: 900 million
}

TEST_CASE("labelled texts: what is wrong is said with path and line", "[data]") {
  const TemporaryFile columns("labelled_columns.csv"), empty("labelled_empty.csv"),
      few("labelled_few.csv");
  columns.write("a,b\n1,2\n");
  empty.write("text,label\nbir,x\niki,y\n\"\",y\n");
  few.write("text,label\nbir,x\niki,y\n");
  using Catch::Matchers::ContainsSubstring;
  CHECK_THROWS_WITH(read_labelled_texts(columns.path),
                    ContainsSubstring(columns.path) && ContainsSubstring("a, b"));
  CHECK_THROWS_WITH(read_labelled_texts(empty.path), ContainsSubstring(empty.path + ":4"));
  CHECK_THROWS_WITH(read_labelled_texts(few.path), ContainsSubstring("2 texts"));
}
