#include "damla/data/labelled_texts.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "damla/core/error.hpp"
#include "damla/data/csv.hpp"
#include "damla/text/unicode.hpp"
#include "data/cells.hpp"

namespace damla { inline namespace DAMLA_ABI {

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

namespace {
/// The different labels of a table, in alphabetical order.
std::vector<std::string> names_of_labels(const CsvTable& table) {
  const std::size_t column = table.position("label");
  std::map<std::string, std::string> spelling;  // of each label, by its small letters
  std::set<std::string> names;
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    const std::string name = detail::name_of(table.cells[i][column]);
    const auto fail = [&](const std::string& what) {
      throw Error(fmt::format("read_labelled_texts: {}:{}: {}", table.path, table.lines[i], what));
    };
    if (name.empty()) fail("the label is missing; write it, or remove the row");
    const std::string& first = spelling.emplace(to_lower(name), name).first->second;
    if (first != name)
      fail(fmt::format("the label is \"{}\", but was \"{}\" before; write both alike",
                       detail::shown_cell(name), detail::shown_cell(first)));
    names.insert(name);
  }
  return {names.begin(), names.end()};
}
}  // namespace

LabelledFile read_labelled_texts(const std::string& path) {
  const CsvTable table = read_csv(path);
  const std::size_t text_column = table.position("text");
  LabelledFile file;
  file.names = names_of_labels(table);
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
  if (file.names.size() > file.texts.size() / 2)
    throw Error(
        fmt::format("read_labelled_texts: {}: {} texts with {} different labels: each label "
                    "needs several texts to learn it from ({})",
                    path, file.texts.size(), file.names.size(), detail::list_of(file.names)));
  return file;
}

}}  // namespace damla::DAMLA_ABI
