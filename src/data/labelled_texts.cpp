#include "damla/data/labelled_texts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "damla/core/error.hpp"
#include "damla/data/csv.hpp"

namespace damla { inline namespace DAMLA_ABI {

LabelledTokens::LabelledTokens(std::span<const LabelledText> texts, const WordTokenizer& tokenizer,
                               std::size_t longest) {
  for (const LabelledText& text : texts) {
    tokens.push_back(tokenizer.encode(text.text)), labels.push_back(text.label);
    if (tokens.back().size() > longest) tokens.back().resize(longest);
  }
}

TokenBatch LabelledTokens::draw(Index batch, Random& random) const {
  std::vector<Tokens> texts;
  Tokens classes;
  for (Index i = 0; i < batch; ++i) {
    const auto n = static_cast<std::size_t>(random.below(std::ssize(labels)));
    texts.push_back(tokens[n]), classes.push_back(labels[n]);
  }
  return TokenBatch::of(texts, classes);
}

WordTokenizer tokenizer_of(std::span<const LabelledText> texts, const WordOptions& options) {
  std::string all;
  for (const LabelledText& text : texts) all += text.text + "\n";
  return WordTokenizer::from_text(all, options);
}

LabelledFile read_labelled_texts(const std::string& path) {
  const CsvTable table = read_csv(path);
  const auto column = [&](const char* name) {
    if (!table.has(name))
      throw Error(
          fmt::format("read_labelled_texts: {}: the columns need to be text and label, but are {}",
                      path, fmt::join(table.columns, ", ")));
    return static_cast<std::size_t>(std::find(table.columns.begin(), table.columns.end(), name) -
                                    table.columns.begin());
  };
  const std::size_t text_column = column("text"), label_column = column("label");
  LabelledFile file;
  for (const auto& row : table.cells) file.names.push_back(row[label_column]);
  std::sort(file.names.begin(), file.names.end());
  file.names.erase(std::unique(file.names.begin(), file.names.end()), file.names.end());
  const Tokens labels = table.classes("label", file.names);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (split_words(table.cells[i][text_column], {}).empty())
      throw Error(fmt::format("read_labelled_texts: {}:{}: the text is empty; remove the row", path,
                              table.lines[i]));
    file.texts.push_back({table.cells[i][text_column], labels[i]});
  }
  if (file.names.size() < 2 || file.texts.size() < 10)
    throw Error(fmt::format(
        "read_labelled_texts: {}: {} texts with {} different labels; at least 10 and 2 are needed",
        path, file.texts.size(), file.names.size()));
  return file;
}

}}  // namespace damla::DAMLA_ABI
