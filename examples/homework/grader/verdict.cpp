#include "verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace grader {
namespace {

bool same_shape(const Matrix& a, const Matrix& b) {
  return a.rows() == b.rows() && a.cols() == b.cols();
}

bool agrees(double a, double b, double allowed) {
  if (!std::isfinite(a) || !std::isfinite(b)) return std::isnan(a) ? std::isnan(b) : a == b;
  return std::abs(a - b) <= allowed;
}

/// What two equal answers may differ by: rounding, in proportion to the largest number.
double allowance(const Matrix& right, double tolerance) {
  double largest = 1e-3;
  for (Index i = 0; i < right.size(); ++i)
    if (std::isfinite(right.data()[i])) largest = std::max(largest, std::abs(right.data()[i]));
  return largest * tolerance;
}

/// The place of the first number that differs.
std::optional<Index> difference(const Matrix& a, const Matrix& b, double allowed) {
  for (Index i = 0; i < a.size(); ++i)
    if (!agrees(a.data()[i], b.data()[i], allowed)) return i;
  return std::nullopt;
}

bool equal(const Matrix& a, const Matrix& b, double allowed) {
  return same_shape(a, b) && !difference(a, b, allowed);
}

bool all_equal(const Matrices& a, const Matrices& b, double tolerance) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!equal(a[i], b[i], allowance(b[i], tolerance))) return false;
  return a.size() == b.size();
}

std::string place(const Matrix& m, Index i) {
  return fmt::format("({}, {})", i / m.cols(), i % m.cols());
}

std::string describe(const Matrix& answer, const std::string& name, const Matrix& right, Index i) {
  if (!std::isfinite(answer.data()[i])) {
    const char* what = std::isnan(answer.data()[i]) ? "NaN" : say({"infinite", "sonsuz"});
    return say({"{}{} is {} (the right number is {:.6g}).", "{}{} = {} (doğrusu {:.6g})."}, name,
               place(answer, i), what, right.data()[i]);
  }
  return say({"{}{} is {:.6g}, and {:.6g} would be right.", "{}{} = {:.6g}, doğrusu {:.6g}."}, name,
             place(answer, i), answer.data()[i], right.data()[i]);
}

/// What can be said without knowing the layer.
Verdict general(const Matrix& answer, const std::string& name, const Matrix& right, Index i,
                double allowed) {
  const std::string what = describe(answer, name, right, i);
  const auto with = [&](Mistake m) { return failed(what + " " + say(advice(m)), m); };
  if (answer.isZero(0)) return with(all_zero);
  if (equal(answer.transpose(), right, allowed)) return with(transposed);
  if (equal(-answer, right, allowed)) return with(negated);
  Index largest = 0;
  for (Index k = 0; k < right.size(); ++k)
    if (std::abs(right.data()[k]) > std::abs(right.data()[largest])) largest = k;
  const double factor = answer.data()[largest] / right.data()[largest];
  if (std::isfinite(factor) &&
      equal(answer, right * factor, allowed * std::max(1.0, std::abs(factor))))
    return failed(what + say({" Every number is {:.6g} times the right one.",
                              " Her sayı doğrusunun {:.6g} katı."},
                             factor));
  Index wrong_rows = 0;
  for (Index r = 0; r < right.rows(); ++r) {
    const Matrix ours = right.row(r), theirs = answer.row(r);
    wrong_rows += !equal(theirs, ours, allowed);
  }
  return failed(what + say({" {} of {} rows are right.", " {} / {} satır doğru."},
                           right.rows() - wrong_rows, right.rows()));
}

}  // namespace

Verdict passed() { return {.passed = true}; }
Verdict failed(Mistake mistake) { return failed(say(advice(mistake)), mistake); }
Verdict failed(std::string hint, Mistake mistake) { return {false, std::move(hint), mistake}; }

Verdict compare(const Matrices& answer, const std::vector<std::string>& names,
                const Matrices& right, const WithMistakes& wrong,
                const std::vector<Mistake>& mistakes, double tolerance, const Matrices& before) {
  if (answer.size() != right.size())
    return failed(
        say({"{} matrices came where {} are expected: is something missing in visit_parameters?",
             "{} matris geldi, {} bekleniyordu: visit_parameters'ta eksik var mı?"},
            answer.size(), right.size()));
  for (std::size_t i = 0; i < right.size(); ++i)
    if (!same_shape(answer[i], right[i])) {
      const std::string shapes = say({"{} is {}, and needs to be {}.", "{} {} geldi, {} olmalı."},
                                     names[i], shape_text(answer[i].rows(), answer[i].cols()),
                                     shape_text(right[i].rows(), right[i].cols()));
      if (equal(answer[i].transpose(), right[i], allowance(right[i], tolerance)))
        return failed(shapes + " " + say(advice(transposed)), transposed);
      return failed(shapes);
    }
  std::optional<std::size_t> first;
  std::optional<Index> at;
  for (std::size_t i = 0; i < right.size() && !first; ++i)
    if ((at = difference(answer[i], right[i], allowance(right[i], tolerance)))) first = i;
  if (!first) return passed();
  const std::size_t k = *first;
  const double allowed = allowance(right[k], tolerance);
  const std::string what = describe(answer[k], names[k], right[k], *at) + " ";

  const std::size_t first_gradient = right.size() - before.size();
  for (std::size_t i = first_gradient; i < right.size(); ++i) {
    const Matrix& old = before[i - first_gradient];
    const double near = allowance(right[i], tolerance);
    if (equal(answer[i], right[i], near)) continue;
    const std::string seen =
        describe(answer[i], names[i], right[i], *difference(answer[i], right[i], near)) + " ";
    if (equal(answer[i], right[i] - old, near))
      return failed(seen + say(advice(gradient_assigned)), gradient_assigned);
    if (equal(answer[i], old, near))
      return failed(seen + say(advice(gradient_forgotten), names[i]), gradient_forgotten);
  }

  // One mistake first, then two together; first who explains all the matrices, then who explains
  // the first that is wrong.
  std::vector<std::vector<Mistake>> tries;
  for (const Mistake m : mistakes) tries.push_back({m});
  for (std::size_t a = 0; a < mistakes.size(); ++a)
    for (std::size_t b = a + 1; b < mistakes.size(); ++b)
      tries.push_back({mistakes[a], mistakes[b]});
  const std::vector<Mistake>* likely = nullptr;
  for (const std::vector<Mistake>& made : tries) {
    const Matrices outcome =
        wrong(made.size() == 1 ? Mistakes{made[0]} : Mistakes{made[0], made[1]});
    const bool explains_all = all_equal(answer, outcome, tolerance);
    if (explains_all ||
        (!likely && equal(answer[k], outcome[k], allowed) && !equal(right[k], outcome[k], allowed)))
      likely = &made;
    if (explains_all) break;
  }
  if (likely) {
    std::string hint = what;
    for (const Mistake m : *likely)
      hint += say(advice(m)) + std::string(m == likely->back() ? "" : " ");
    return failed(hint, likely->front());
  }
  return general(answer[k], names[k], right[k], *at, allowed);
}

Values Talk::ask(const std::string& part, Values question) {
  using enum Child::End;
  Child::Reply reply = child_.ask(part, std::move(question), seconds_);
  const auto none_came = [&](Text text, const auto&... args) -> NoAnswer {
    return {{.hint = say(text, args...), .answered = false}};
  };
  switch (reply.end) {
    case answered:
      return std::move(reply.values);
    case not_written:
      throw none_came({"Not written yet: {}.", "Henüz yazılmamış: {}."}, reply.text);
    case threw:
      throw none_came({"Your code threw: {}", "Kodunuz hata fırlattı: {}"}, reply.text);
    case crashed:
      throw none_came({"Your program crashed ({}). A debugger shows where: an index outside a "
                       "matrix or a vector is the usual "
                       "cause.",
                       "Programınız çöktü ({}). Nerede olduğunu hata ayıklayıcı gösterir; çoğu "
                       "zaman neden, matrisin ya da "
                       "vektörün dışına taşan bir indistir."},
                      reply.text);
    case left:
      throw none_came({"Your program ended before it answered (exit code {}).",
                       "Programınız yanıt vermeden bitti (çıkış kodu {})."},
                      reply.text);
    case late:
      throw none_came({"No answer within {} s: is there a loop that never ends?",
                       "{} saniyede yanıt gelmedi: hiç bitmeyen bir döngü mü var?"},
                      seconds_);
    case unreadable:
      break;
  }
  throw none_came({"The answer cannot be read.", "Yanıt okunamıyor."});
}

Matrices Talk::ask_matrices(const std::string& part, Values question) {
  Matrices all;
  for (Value& value : ask(part, std::move(question)))
    if (auto* m = std::get_if<Matrix>(&value)) all.push_back(std::move(*m));
  return all;
}

Verdict reached(double loss, double needed, double chance) {
  if (loss <= needed)
    return {.passed = true,
            .hint = say({"loss {:.3f} (at most {:.3f})", "kayıp {:.3f} (en çok {:.3f})"}, loss,
                        needed)};
  return failed(
      say({"The loss on text that your model has not seen is {:.3f}; {:.3f} is needed, and "
           "guessing gives {:.3f}.",
           "Modelinizin görmediği metindeki kaybı {:.3f}; gereken {:.3f}, tahminle {:.3f} olur."},
          loss, needed, chance));
}

Matrix normals(Random& random, Index rows, Index cols, double deviation) {
  Matrix m(rows, cols);
  random.fill_normal(m, deviation);
  return m;
}

Matrices drawn(Random& random, const Sizes& sizes, double deviation) {
  Matrices all;
  for (const auto& [rows, cols] : sizes) all.push_back(normals(random, rows, cols, deviation));
  return all;
}

Values as_values(const Matrices& matrices) { return {matrices.begin(), matrices.end()}; }

}  // namespace grader
