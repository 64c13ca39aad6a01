#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "damla/hub/model_folder.hpp"
#include "heads.hpp"
#include "writer.hpp"

namespace damla::playground {

/// A model from a folder: one that `damla train` wrote, or a published one of GPT-2's or Llama's
/// kind.
class MyModel {
 public:
  /// Throws Error with the file, what is wrong with it, and what to do.
  explicit MyModel(const std::string& folder) : random_(1) {
    if (holds_llama(folder))
      folder_.emplace<ModelFolder<Llama<>>>(load_model_folder<Llama<>>(folder));
    else folder_.emplace<ModelFolder<>>(load_model_folder(folder));
  }

 private:
  decltype(auto) visit(auto&& f) {
    if (auto* llama = std::get_if<ModelFolder<Llama<>>>(&folder_)) return f(*llama);
    return f(std::get<ModelFolder<>>(folder_));
  }

 public:
  std::vector<Piece> tokens(const std::string& text) {
    return visit([&](auto& m) { return pieces_of(m.tokenizer, text); });
  }
  double layers() {
    return visit([](auto& m) { return static_cast<double>(m.model.options.layers); });
  }
  double heads() {
    return visit([](auto& m) { return static_cast<double>(m.model.options.heads); });
  }
  double context() {
    return visit([](auto& m) { return static_cast<double>(m.model.options.context); });
  }
  double parameters() {
    return visit([](auto& m) { return static_cast<double>(parameter_count(m.model)); });
  }

  /// Where each token looks. Throws Error for a text that is empty, or longer than the context.
  Look look(const std::string& text) {
    return visit([&](auto& m) {
      Look look;
      const Tokens read = beginning(m.tokenizer, text);
      if (read.empty() || std::ssize(read) > m.model.options.context)
        throw Error("MyModel: the text has " + std::to_string(read.size()) +
                    " tokens; expected 1 to " + std::to_string(m.model.options.context));
      m.model.forward(read, std::ssize(read));
      for (const Token t : read) look.tokens.push_back(m.tokenizer.piece(t));
      look.weights = weights_of(m.model, std::ssize(read));
      return look;
    });
  }
  std::vector<MaybeNext> next(const std::string& prompt, double temperature, std::int32_t top_k,
                              double top_p) {
    return visit([&](auto& m) {
      return maybe_next(m.tokenizer, logits(m, beginning(m.tokenizer, prompt)),
                        sampling(temperature, top_k, top_p));
    });
  }
  /// What a drawn token adds to the prompt.
  std::string draw(const std::string& prompt, double temperature, std::int32_t top_k,
                   double top_p) {
    return visit([&](auto& m) {
      return draw_text(m.tokenizer, beginning(m.tokenizer, prompt), [&](const Tokens& text) {
        return sample(candidates(logits(m, text), sampling(temperature, top_k, top_p)), random_);
      });
    });
  }

 private:
  static Tokens beginning(const AnyTokenizer& tokenizer, const std::string& text) {
    Tokens tokens = tokenizer.encode_plain(text);
    if (const auto begin = tokenizer.begin_of_text()) tokens.insert(tokens.begin(), *begin);
    return tokens;
  }
  /// After the last token of what fits into the context.
  static Matrix logits(auto& m, const Tokens& text) {
    require(!text.empty(), "MyModel: the text is empty; expected one token to go on from");
    const auto n = std::min(text.size(), static_cast<std::size_t>(m.model.options.context));
    auto cache = m.model.make_cache();
    return m.model.forward_next(TokenSpan(text).last(n), cache);
  }

  std::variant<std::monostate, ModelFolder<>, ModelFolder<Llama<>>> folder_;
  Random random_;
};

}  // namespace damla::playground
