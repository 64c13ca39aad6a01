#include "damla/align/chat.hpp"

#include <fmt/format.h>

namespace damla { inline namespace DAMLA_ABI {

namespace {
std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") + 1 - first);
}
}  // namespace

std::vector<std::vector<ChatTurn>> read_conversations(std::string_view text,
                                                      const std::string& name) {
  std::vector<std::vector<ChatTurn>> blocks(1);
  for (std::size_t at = 0, line = 1; at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view row = text.substr(at, end - at);
    at = end + 1;
    if (trimmed(row).empty()) {
      if (!blocks.back().empty()) blocks.emplace_back();
      continue;
    }
    const std::size_t tab = row.find('\t');
    const std::string_view question = trimmed(row.substr(0, tab));
    const std::string_view answer =
        tab == std::string_view::npos ? std::string_view{} : trimmed(row.substr(tab));
    if (question.empty() || answer.empty() || answer.find('\t') != std::string_view::npos)
      throw Error(fmt::format("{}: line {} is not a question, a tab and its answer", name, line));
    blocks.back().push_back({std::string(question), std::string(answer)});
  }
  if (blocks.back().empty()) blocks.pop_back();
  if (blocks.empty())
    throw Error(fmt::format(
        "{}: there is no question: each line is a question, a tab and its answer", name));
  if (blocks.size() > 1) return blocks;
  std::vector<std::vector<ChatTurn>> lines;
  for (ChatTurn& turn : blocks.front()) lines.push_back({std::move(turn)});
  return lines;
}

}}  // namespace damla::DAMLA_ABI
