#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "damla/align/tuning.hpp"
#include "damla/generate/text_stream.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The tokens of damla's own chat format. They are in the vocabulary from the start, but no text of
/// pre-training has them. Who writes them in a question or an answer has written words: only the
/// format sets the tokens.
inline std::vector<std::string> chat_tokens() { return {"<soru>", "<cevap>", "<son>"}; }

/// How a conversation is written for a model: start, then for each turn before_question, the
/// question, before_answer, the answer, end; between two turns, `between`. Special tokens in these
/// are recognised. The default is `<soru> question <cevap> answer <son>`; others come from
/// load_chat_format.
struct ChatFormat {
  std::string start = "";
  std::string before_question = "<soru>";
  std::string before_answer = "<cevap>";
  std::string end = "<son>";  ///< one special token: the model stops there
  std::string between = "";
};

/// A question as the model reads it, up to where the answer begins: the first one, without the
/// format's start, or one that follows an answer and its end.
Tokens chat_prompt(const auto& tokenizer, const std::string& question,
                   const ChatFormat& format = {}, bool follows = false) {
  const std::string before = (follows ? format.end + format.between : "") + format.before_question;
  const std::string text = before + question + format.before_answer;
  const auto asked = std::string_view(text).substr(before.size(), question.size());
  Tokens prompt = tokenizer.encode_with_special(text, asked);
  if (follows) prompt.erase(prompt.begin());  // the end was read
  return prompt;
}

/// A question and the answer that is to be learned, with its end.
TuningExample chat_example(const auto& tokenizer, const std::string& question,
                           const std::string& answer) {
  Tokens said = tokenizer.encode_plain(answer);
  said.push_back(tokenizer.token("<son>"));
  return TuningExample::of(chat_prompt(tokenizer, question), said);
}

/// A question and its answer, in words.
struct ChatTurn {
  std::string question, answer;
};

/// Conversations from lines of a question, a tab and its answer. An empty line ends a conversation;
/// where there is none, each line is one of its own. Throws Error with `name`, the file's, and the
/// line.
std::vector<std::vector<ChatTurn>> read_conversations(std::string_view text,
                                                      const std::string& name);

/// Turns, one behind the other: each answer is to be learned, with what stands before it in view.
/// Turns that no longer fit into the context are left out, but not the first; of that, what is too
/// much at its end.
TuningExample chat_example(const auto& tokenizer, std::span<const ChatTurn> turns, Index context) {
  TuningExample all;
  for (const ChatTurn& turn : turns) {
    const TuningExample one = chat_example(tokenizer, turn.question, turn.answer);
    if (!all.tokens.empty() && std::ssize(all.tokens) + std::ssize(one.tokens) > context) break;
    all.append(one);
  }
  const std::size_t length = std::min(all.tokens.size(), static_cast<std::size_t>(context));
  all.tokens.resize(length), all.learn.resize(length);
  return all;
}

/// What a tuned model answers when it always says the likeliest word: up to `longest` tokens.
template <class Model>
std::string answer(Model& model, const auto& tokenizer, const std::string& question,
                   Index longest = 8) {
  return tokenizer.decode(generate_greedy(model, chat_prompt(tokenizer, question), longest,
                                          {tokenizer.token("<son>")}));
}

/// A conversation with a tuned model. What was said is read once: keys and values stay from turn to
/// turn. When the context is full, the oldest turns are forgotten.
///
///     Chat chat(model, tokenizer, {.temperature = 0.7});
///     chat.ask("Ayşe nerede oturur?", random);  // "Bursa'da."
///     chat.ask("Peki Kemal?", random);
template <class Model, class T>
class Chat {
 public:
  /// An answer has at most `longest` tokens. Throws Error for a vocabulary without the format's
  /// end, and for an option out of its range.
  Chat(Model& model, const T& tokenizer, const SamplingOptions& sampling, Index longest = 200,
       const ChatFormat& format = {})
      : context_(model.options.context),
        tokenizer_(tokenizer),
        longest_(longest),
        format_(format),
        start_(tokenizer.encode_with_special(format.start)),
        end_(tokenizer.token(format.end)),
        generator_(model, sampling) {
    expect_count("Chat", "longest", longest, 1);
    generator_.read(start_);
  }

  /// The answer. Its parts come to `on_text` as soon as they are written, in whole letters; return
  /// false to stop there. Throws Error for a question that leaves no room for an answer.
  std::string ask(const std::string& question, Random& random,
                  const std::function<bool(std::string_view)>& on_text = {}) {
    Tokens turn = chat_prompt(tokenizer_, question, format_, !turns_.empty());
    const Index room = context_ - std::ssize(start_) - std::ssize(turn);
    if (room < 1)
      throw Error("Chat::ask: the question has " + std::to_string(turn.size()) +
                  " tokens, but the model sees only " + std::to_string(context_) +
                  " at once: ask a shorter one");
    forget(room - std::min(longest_, room));
    generator_.read(turn);
    TextStream stream(tokenizer_);
    std::string text;
    const auto say = [&](const std::string& part) {
      text += part;
      return part.empty() || !on_text || on_text(part);
    };
    for (Index i = 0; i < std::min(longest_, room); ++i) {
      turn.push_back(generator_.next(random));
      if (turn.back() == end_ || !say(stream.add(turn.back()))) break;
    }
    say(stream.rest());
    if (turn.back() != end_) turn.push_back(end_), generator_.read({&end_, 1});
    turns_.push_back(std::move(turn));
    return text;
  }

 private:
  /// Forgets the oldest turns, until those that are left have at most `length` tokens.
  void forget(Index length) {
    Index sum = 0;
    for (const Tokens& turn : turns_) sum += std::ssize(turn);
    if (sum <= length) return;
    for (; sum > length; turns_.pop_front()) sum -= std::ssize(turns_.front());
    generator_.restart();
    generator_.read(start_);
    for (const Tokens& turn : turns_) generator_.read(turn);
  }

  Index context_;
  const T& tokenizer_;
  Index longest_;
  ChatFormat format_;
  Tokens start_;
  Token end_;
  Generator<Model> generator_;
  std::deque<Tokens> turns_;
};

}}  // namespace damla::DAMLA_ABI
