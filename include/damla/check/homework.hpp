#pragma once

// The student's side of the homework grader: a program that answers what it is asked. POSIX only
// (Linux, macOS, WSL).
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "damla/core/parameter.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace homework {

/// What travels between grader and answering program.
using Value = std::variant<Matrix, std::string, Tokens>;
using Values = std::vector<Value>;

/// What a stub throws: no points for this part yet, and no blame.
struct NotWritten : Error {
  std::string name;
  explicit NotWritten(std::string_view function)
      : Error(fmt::format("{} is not written yet", function)), name(function) {}
};

/// For the body of a stub: throws NotWritten, with the function's name: "LayerNorm::forward".
[[noreturn]] inline void not_written(std::string_view function) { throw NotWritten(function); }

/// A question's values, taken one after the other. Each call throws Error when something else comes
/// next.
class Question {
 public:
  explicit Question(Values values) : values_(std::move(values)) {}
  Matrix matrix() { return take<Matrix>("a matrix"); }
  std::string text() { return take<std::string>("a text"); }
  Tokens tokens() { return take<Tokens>("tokens"); }
  Index number() { return tokens().at(0); }

 private:
  template <class T>
  T take(const char* what) {
    if (next_ == values_.size() || !std::holds_alternative<T>(values_[next_]))
      throw Error(fmt::format(
          "the grader's value {} is not {}: are files in answers/ and damla of one version?", next_,
          what));
    return std::get<T>(std::move(values_[next_++]));
  }
  Values values_;
  std::size_t next_ = 0;
};

/// The parts of a homework by name, each a function from a question to the student's answer.
using Parts = std::vector<std::pair<std::string, std::function<Values(Question&)>>>;

/// Gives a layer the grader's numbers, parameter by parameter in the order of visit_parameters.
/// Throws Error where the shapes differ.
void set_parameters(auto& model, Question& question) {
  model.visit_parameters([&](std::string_view name, Parameter& p) {
    const Matrix m = question.matrix();
    expect_shape("visit_parameters", name, p.value, m.rows(), m.cols(),
                 "keep the parameters and their order as in the stub");
    p.value = m;
  });
}
/// The same for what stands in the gradients already.
void set_gradients(auto& model, Question& question) {
  model.visit_parameters([&](std::string_view, Parameter& p) { p.grad() = question.matrix(); });
}

/// Appends a layer's parameters, or their gradients, to an answer.
void add_parameters(Values& values, auto& model) {
  model.visit_parameters([&](std::string_view, Parameter& p) { values.push_back(p.value); });
}
void add_gradients(Values& values, auto& model) {
  model.visit_parameters([&](std::string_view, Parameter& p) { values.push_back(p.grad()); });
}

/// The bytes of values on their way: each a letter, two counts, and the numbers.
inline std::string packed(const Values& values) {
  std::string bytes;
  const auto append = [&](const void* from, std::size_t n) {
    bytes.append(static_cast<const char*>(from), n);
  };
  const auto head = [&](char kind, std::int64_t rows, std::int64_t cols) {
    append(&kind, 1), append(&rows, sizeof rows), append(&cols, sizeof cols);
  };
  for (const Value& value : values) {
    if (const auto* m = std::get_if<Matrix>(&value)) {
      head('m', m->rows(), m->cols());
      append(m->data(), static_cast<std::size_t>(m->size()) * sizeof(Scalar));
    } else if (const auto* s = std::get_if<std::string>(&value)) {
      head('s', 1, std::ssize(*s));
      append(s->data(), s->size());
    } else {
      const auto& t = std::get<Tokens>(value);
      head('t', 1, std::ssize(t));
      append(t.data(), t.size() * sizeof(Token));
    }
  }
  return bytes;
}

/// The values of those bytes. Throws Error for bytes that are none: they are not trusted.
inline Values unpacked(std::string_view bytes) {
  Values values;
  const auto take = [&](void* to, std::size_t n) {
    if (n > bytes.size()) throw Error("an answer that cannot be read");
    if (n > 0) std::memcpy(to, bytes.data(), n);
    bytes.remove_prefix(n);
  };
  while (!bytes.empty()) {
    char kind = 0;
    std::int64_t rows = 0, cols = 0;
    take(&kind, 1), take(&rows, sizeof rows), take(&cols, sizeof cols);
    const std::int64_t most = std::int64_t{1} << 31;
    if (rows < 0 || cols < 0 || rows >= most || cols >= most || rows * cols > std::ssize(bytes))
      throw Error("an answer that cannot be read");
    const auto n = static_cast<std::size_t>(rows * cols);
    if (kind == 'm') {
      Matrix m(rows, cols);
      take(m.data(), n * sizeof(Scalar));
      values.emplace_back(std::move(m));
    } else if (kind == 's') {
      std::string s(n, '\0');
      take(s.data(), n);
      values.emplace_back(std::move(s));
    } else if (kind == 't') {
      Tokens t(n);
      take(t.data(), n * sizeof(Token));
      values.emplace_back(std::move(t));
    } else {
      throw Error("an answer that cannot be read");
    }
  }
  return values;
}

/// Where the grader's questions come in and answers go out; what the program prints is neither.
inline constexpr int question_channel = 3, answer_channel = 4;

namespace detail {
inline bool read_all(int channel, void* to, std::size_t n) {
  for (auto* at = static_cast<char*>(to); n > 0;) {
    const auto got = ::read(channel, at, n);
    if (got <= 0) return false;
    at += got, n -= static_cast<std::size_t>(got);
  }
  return true;
}
inline bool write_all(int channel, const void* from, std::size_t n) {
  for (const auto* at = static_cast<const char*>(from); n > 0;) {
    const auto put = ::write(channel, at, n);
    if (put <= 0) return false;
    at += put, n -= static_cast<std::size_t>(put);
  }
  return true;
}

/// "answer", "not written" or "error", and what belongs to it.
inline Values answered(const Parts& parts, Values values) {
  try {
    Question question(std::move(values));
    const std::string name = question.text();
    for (const auto& [part, function] : parts) {
      if (part != name) continue;
      Values answer = function(question);
      answer.insert(answer.begin(), std::string("answer"));
      return answer;
    }
    return {std::string("not written"), fmt::format("part \"{}\"", name)};
  } catch (const NotWritten& e) {
    return {std::string("not written"), e.name};
  } catch (const std::exception& e) {
    return {std::string("error"), std::string(e.what())};
  } catch (...) {
    return {std::string("error"), std::string("something that is no std::exception")};
  }
}
}  // namespace detail

/// The main function of an answering program: answers until the grader hangs up. Returns the exit
/// code.
inline int answer(const Parts& parts) {
  std::setvbuf(stdout, nullptr, _IONBF, 0);  // what was printed before a crash is not lost
  std::uint64_t size = 0;
  bool asked = false;
  while (detail::read_all(question_channel, &size, sizeof size)) {
    asked = true;
    std::string bytes(size, '\0');
    if (!detail::read_all(question_channel, bytes.data(), bytes.size())) return 1;
    const std::string reply = packed(detail::answered(parts, unpacked(bytes)));
    size = reply.size();
    if (!detail::write_all(answer_channel, &size, sizeof size)) return 1;
    if (!detail::write_all(answer_channel, reply.data(), reply.size())) return 1;
  }
  if (!asked) fmt::print(stderr, "This program answers the grader's questions: run ./grade\n");
  return asked ? 0 : 2;
}

}}}  // namespace damla::DAMLA_ABI::homework
