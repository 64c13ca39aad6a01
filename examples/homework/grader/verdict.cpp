#include "verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace grader {
namespace {

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
  // As many digits as tell the two apart.
  std::string came, wanted;
  for (int digits = 6; came == wanted && digits <= 17; ++digits) {
    came = fmt::format("{:.{}g}", answer.data()[i], digits);
    wanted = fmt::format("{:.{}g}", right.data()[i], digits);
  }
  return say({"{}{} is {}, and {} would be right.", "{}{} = {}, doğrusu {}."}, name,
             place(answer, i), came, wanted);
}

/// A known mistake whose term counts, but not once: its outcome differs from what is right in the
/// same direction. The answer is right + (1 − count)·(outcome − right).
std::optional<double> count_of_term(const Matrix& answer, const Matrix& right,
                                    const Matrix& outcome, double allowed) {
  if (right.size() < 3 || !same_shape(outcome, right) || !outcome.allFinite()) return {};
  const Matrix step = outcome - right, off = answer - right;
  const double length = step.squaredNorm();
  if (!(step.cwiseAbs().maxCoeff() > 100 * allowed)) return {};
  const double along = step.cwiseProduct(off).sum() / length;
  if (!equal(off, along * step, allowed * std::max(1.0, std::abs(along)))) return {};
  return 1 - along;
}

/// Right ones among several matrices: ", bias.grad()"; empty if none is, or too many to read.
std::string which_are_right(const Matrices& answer, const Expected& e) {
  std::string right, wrong;
  int rights = 0, wrongs = 0;
  for (std::size_t i = 0; i < answer.size(); ++i) {
    const bool is = equal(answer[i], e.right[i], allowance(e.right[i], e.tolerance));
    (is ? right : wrong) += ((is ? rights : wrongs)++ > 0 ? ", " : "") + e.names[i];
  }
  if (answer.size() < 2) return "";
  if (rights == 0)
    return say({" None of the {} is right.", " {} matristen hiçbiri doğru değil."}, wrongs);
  if (wrongs > 6 && rights <= 6) return say({" Only {} is right.", " Yalnızca {} doğru."}, right);
  if (wrongs > 6)
    return say({" {} of {} are right.", " {} / {} matris doğru."}, rights, rights + wrongs);
  return say({" Wrong: {}; all others are right.", " Yanlış: {}; ötekiler doğru."}, wrong);
}

/// What can be said without knowing the layer. Of gradients, only what was added to them.
Relation general(const Matrices& answer, const Expected& e, std::size_t k, double allowed) {
  const std::size_t first_gradient = e.right.size() - e.before.size();
  std::vector<Known> known = e.known;
  Matrix came = answer[k], right = e.right[k];
  if (k >= first_gradient) {
    const Matrix& old = e.before[k - first_gradient];
    came -= old, right -= old;
    known.push_back({say({"what stood there before", "önceden orada duranlar"}), old});
  }
  for (std::size_t i = 0; i < e.right.size(); ++i) {
    if (i == k) continue;
    Matrix other = e.right[i];
    if (i >= first_gradient) other -= e.before[i - first_gradient];
    known.push_back({e.names[i], other});
  }
  return how(came, right, allowed, e.sizes, known);
}

}  // namespace

Verdict passed() { return {.passed = true}; }
Verdict failed(Mistake mistake) { return failed(say(advice(mistake)), mistake); }
Verdict failed(std::string hint, Mistake mistake) { return {false, std::move(hint), mistake}; }

namespace {
/// Whether the answer comes out when one input stands in another's place, alone or with the next
/// one; when two are exchanged; when one is transposed; or when rows are read in the other order.
Relation from_other_inputs(const Matrices& answer, const Expected& e) {
  if (!e.with) return {};
  const auto comes_out = [&](const Matrices& in) {
    return all_equal(answer, e.with(in), e.tolerance);
  };
  const std::size_t n = e.in.size();
  for (std::size_t i = 0; i < n; ++i) {
    Matrices in = e.in;
    if (i > 0 && in[i].rows() == in[i].cols()) {
      in[i] = e.in[i].transpose();
      if (comes_out(in))
        return {say({"This comes out with {} transposed.", "{} devrik alınınca bu çıkar."},
                    e.in_names[i]),
                transposed};
    }
    in[i] = Matrix::Zero(e.in[i].rows(), e.in[i].cols());
    if (comes_out(in))
      return {say({"This comes out when {} is 0, as if it were left out.",
                   "{} 0 olunca, yani kullanılmayınca bu çıkar."},
                  e.in_names[i]),
              other_quantity};
    for (const double factor : {2.0, -1.0, 0.5}) {
      in = e.in, in[i] *= factor;
      if (comes_out(in))
        return {say({"This comes out when {} counts {} times.", "{}, {} kez sayılınca bu çıkar."},
                    e.in_names[i], factor_name(factor, e.sizes)),
                wrong_factor};
    }
    for (std::size_t j = 0; j < n; ++j) {
      if (i == j || !same_shape(e.in[i], e.in[j])) continue;
      in = e.in, in[i] = e.in[j];
      std::string names = e.in_names[i], others = e.in_names[j];
      bool found = comes_out(in);
      if (!found && i + 1 < n && j + 1 < n && same_shape(e.in[i + 1], e.in[j + 1])) {
        in[i + 1] = e.in[j + 1];
        names += ", " + e.in_names[i + 1], others += ", " + e.in_names[j + 1];
        found = comes_out(in);
      }
      if (found)
        return {
            say({"This comes out with {} in the place of {}.", "{}, {} yerine alınınca bu çıkar."},
                others, names),
            other_quantity};
      in = e.in, in[i] = e.in[j], in[j] = e.in[i];
      if (i < j && comes_out(in))
        return {
            say({"This comes out with {} and {} exchanged.", "{} ile {} yer değişince bu çıkar."},
                e.in_names[i], e.in_names[j]),
            other_quantity};
    }
  }
  const Index B = e.sizes.B, T = e.sizes.T, C = e.sizes.H * e.sizes.d;
  if (n > 2 && C > 0 && e.in[1].cols() == 3 * C)  // scores that are scaled by another size
    for (const Index size : {T, B, e.sizes.H, B * T, C})
      for (const double power : {0.5, 1.0}) {
        const double factor =
            std::sqrt(static_cast<double>(e.sizes.d)) / std::pow(static_cast<double>(size), power);
        Matrices in = e.in;
        in[1].leftCols(C) *= factor, in[2].leftCols(C) *= factor;
        if (size > 1 && comes_out(in))
          return {say({"This comes out when the scores are multiplied by {} instead of 1/√d.",
                       "Puanlar 1/√d yerine {} ile çarpılınca bu çıkar."},
                      factor_name(std::pow(static_cast<double>(size), -power), e.sizes)),
                  wrong_factor};
      }
  if (B > 1 && e.in[0].rows() == B * T) {
    Matrices in = e.in;
    for (Index row = 0; row < B * T; ++row) in[0].row(row) = e.in[0].row(row % T * B + row / T);
    if (comes_out(in)) return {say(advice(time_major)), time_major};
  }
  return {};
}

/// Whether a gradient, a sum over rows, was made of one row, sequence or place only, or of all but
/// one.
Relation from_some_rows(const Matrices& answer, const Expected& e, std::size_t k, double allowed) {
  if (!e.of_row || k < e.right.size() - e.before.size()) return {};
  const Matrix& old = e.before[k - (e.right.size() - e.before.size())];
  const Matrix came = answer[k] - old, right = e.right[k] - old;
  Matrices of_row;
  for (Index row = 0; row < e.rows; ++row) of_row.push_back(e.of_row(row)[k]);
  const auto found = [&](Text name, Index i, Index from, Index step, Index count) -> Relation {
    Matrix part = Matrix::Zero(right.rows(), right.cols());
    for (Index c = 0; c < count; ++c) part += of_row[static_cast<std::size_t>(from + c * step)];
    if (part.isZero(allowed)) return {};
    if (equal(came, part, 2 * allowed))
      return {say({"This is what {} {} alone gives: it is a sum over all.",
                   "Bu, yalnızca {} {}'den gelen; hepsinin toplamı olmalı."},
                  say(name), i),
              too_short};
    if (equal(came, right - part, 2 * allowed))
      return {say({"This is what all but {} {} give.", "Bu, {} {} dışındakilerden gelen."},
                  say(name), i),
              too_short};
    return {};
  };
  const Index B = e.sizes.B, T = e.sizes.T;
  for (Index row = 0; row < e.rows; ++row)
    if (Relation r = found({"row", "satır"}, row, row, 1, 1); !r.text.empty()) return r;
  if (B < 2 || e.rows != B * T) return {};
  for (Index b = 0; b < B; ++b)
    if (Relation r = found({"sequence", "dizi"}, b, b * T, 1, T); !r.text.empty()) return r;
  for (Index t = 0; t < T; ++t)
    if (Relation r = found({"token", "token"}, t, t, T, B); !r.text.empty()) return r;
  return {};
}
}  // namespace

Verdict compare(const Matrices& answer, const Expected& e) {
  const Matrices& right = e.right;
  const auto& names = e.names;
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
      Verdict verdict = failed(shapes);
      if (equal(answer[i].transpose(), right[i], allowance(right[i], e.tolerance)))
        verdict = failed(shapes + " " + say(advice(transposed)), transposed);
      verdict.what = shapes;
      return verdict;
    }
  std::optional<std::size_t> first;
  std::optional<Index> at;
  for (std::size_t i = 0; i < right.size() && !first; ++i)
    if ((at = difference(answer[i], right[i], allowance(right[i], e.tolerance)))) first = i;
  Verdict verdict{.passed = !first, .answer = answer};
  if (!first) return verdict;
  const std::size_t k = verdict.first = *first;
  verdict.right = right[k];
  const double allowed = allowance(right[k], e.tolerance);
  verdict.what = describe(answer[k], names[k], right[k], *at);
  const auto because = [&](const std::string& why, Mistake m) {
    verdict.hint = verdict.what + (why.empty() ? "" : " ") + why, verdict.mistake = m;
    return verdict;
  };

  const std::size_t first_gradient = right.size() - e.before.size();
  for (std::size_t i = first_gradient; i < right.size(); ++i) {
    const Matrix& old = e.before[i - first_gradient];
    const double near = allowance(right[i], e.tolerance);
    if (equal(answer[i], right[i], near)) continue;
    const bool assigned = equal(answer[i], right[i] - old, near);
    if (!assigned && !equal(answer[i], old, near)) continue;
    verdict.what = describe(answer[i], names[i], right[i], *difference(answer[i], right[i], near));
    verdict.first = i, verdict.right = right[i];
    return assigned ? because(say(advice(gradient_assigned)), gradient_assigned)
                    : because(say(advice(gradient_forgotten), names[i]), gradient_forgotten);
  }

  // One mistake first, then two together; first who explains all the matrices, then who explains
  // the first that is wrong.
  std::vector<std::vector<Mistake>> tries;
  for (const Mistake m : e.mistakes) tries.push_back({m});
  for (std::size_t a = 0; a < e.mistakes.size(); ++a)
    for (std::size_t b = a + 1; b < e.mistakes.size(); ++b)
      tries.push_back({e.mistakes[a], e.mistakes[b]});
  const std::vector<Mistake>* likely = nullptr;
  std::optional<std::pair<Mistake, double>> miscounted;
  for (const std::vector<Mistake>& made : tries) {
    const Matrices outcome =
        e.wrong(made.size() == 1 ? Mistakes{made[0]} : Mistakes{made[0], made[1]});
    const bool explains_all = all_equal(answer, outcome, e.tolerance);
    if (explains_all ||
        (!likely && equal(answer[k], outcome[k], allowed) && !equal(right[k], outcome[k], allowed)))
      likely = &made;
    if (explains_all) break;
    if (made.size() == 1 && !miscounted)
      if (const auto count = count_of_term(answer[k], right[k], outcome[k], allowed))
        miscounted = {made[0], *count};
  }
  if (likely) {
    std::string why;
    for (const Mistake m : *likely)
      why += say(advice(m)) + std::string(m == likely->back() ? "" : " ");
    return because(why, likely->front());
  }
  Relation relation = general(answer, e, k, allowed);
  if (relation.mistake == none && miscounted) {
    const std::string name = factor_name(miscounted->second, e.sizes);
    relation = {say({"One term counts {} times where it should count once. This is what would be "
                     "said if it counted not at all: “{}”",
                     "Bir terim, bir kez sayılacakken {} kez sayılmış. Hiç sayılmasaydı şu "
                     "denirdi: “{}”"},
                    name.empty() ? fmt::format("{:.4g}", miscounted->second) : name,
                    say(advice(miscounted->first))),
                term_miscounted};
  }
  if (relation.mistake == none) {
    const Relation other = from_other_inputs(answer, e);
    if (!other.text.empty()) relation = other;
  }
  if (relation.mistake == none) {
    const Relation some = from_some_rows(answer, e, k, allowed);
    if (!some.text.empty()) relation = some;
  }
  return because(relation.text + which_are_right(answer, e), relation.mistake);
}

Verdict in_turn(Talk& talk, const std::vector<Call>& calls) {
  const auto asked = [](Talk& who, const Call& call, Index object, bool alone = false) {
    who.between = call.between && !alone ? [&] { call.between(who); } : std::function<void()>();
    try {
      return call.ask(who, object);
    } catch (const NoAnswer& e) {
      return e.verdict;
    }
  };
  const auto with = [](const Verdict& v, const std::string& why, Mistake m) {
    Verdict verdict = v;
    verdict.hint = v.what + (v.what.empty() ? "" : " ") + why, verdict.mistake = m;
    return verdict;
  };
  /// A wrong answer to the first question of a program.
  const auto alone = [&](const Verdict& v, const Call& call) {
    if (v.passed || !v.answered || known_by_its_numbers(v.mistake) || v.answer.empty()) return v;
    Talk other = talk.again(1);
    const Verdict second = asked(other, call, 0, true);
    if (!second.answered || second.answer.size() != v.answer.size()) return v;
    for (std::size_t i = 0; i < v.answer.size(); ++i)
      if (!equal(v.answer[i], second.answer[i], 0)) return with(v, say(advice(not_set)), not_set);
    return v;
  };
  std::map<Index, Verdict> latest;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const Call& call = calls[i];
    const Verdict v = asked(talk, call, call.object);
    if (v.passed) {
      latest[call.object] = v;
      continue;
    }
    if (i == 0) return alone(v, call);
    Talk fresh = talk.again();
    if (const Verdict first = asked(fresh, call, 0, true); !first.passed) return alone(first, call);
    // What came before spoils it. Does it spoil an object of its own too?
    Talk others = talk.again();
    bool shared = false;
    for (std::size_t j = 0; j <= i; ++j)
      shared = !asked(others, calls[j], static_cast<Index>(100 + j)).passed;
    const std::string when = say(call.when) + std::string(" ");
    if (v.answered && latest.contains(call.object)) {
      const Matrices& before = latest[call.object].answer;
      const Matrix& came = v.answer.empty() ? v.right : v.answer[v.first];
      if (v.first < before.size() && v.right.size() > 0 && same_shape(before[v.first], v.right) &&
          equal(came, v.right + before[v.first], 1e-6 * (1 + came.cwiseAbs().maxCoeff())))
        return with(v, when + say(advice(added_to_old)), added_to_old);
    }
    const Mistake kind = shared ? state_shared : state_left;
    Verdict verdict = with(v, when + say(advice(kind)), kind);
    if (v.what.empty()) verdict.hint = when + v.hint + " " + say(advice(kind));
    return verdict;
  }
  return passed();
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
      throw none_came({"Your code threw: {}.", "Kodunuz hata fırlattı: {}."}, reply.text);
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

void append(Values& question, const Matrices& matrices) {
  question.insert(question.end(), matrices.begin(), matrices.end());
}

Matrices added(Matrices all, const Matrices& before, bool but_the_first) {
  for (std::size_t i = 0; i < before.size(); ++i) all[i + (but_the_first ? 1 : 0)] += before[i];
  return all;
}

Matrix only_row(const Matrix& dy, Index row) {
  Matrix one = Matrix::Zero(dy.rows(), dy.cols());
  one.row(row) = dy.row(row);
  return one;
}

Matrices drawn_like(Random& random, const Matrices& shapes, std::size_t from) {
  Matrices all;
  for (std::size_t i = from; i < shapes.size(); ++i)
    all.push_back(normals(random, shapes[i].rows(), shapes[i].cols()));
  return all;
}

}  // namespace grader
