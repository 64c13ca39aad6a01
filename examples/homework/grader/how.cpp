#include "how.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <numeric>
#include <optional>

namespace grader {
using enum Mistake;

bool same_shape(const Matrix& a, const Matrix& b) {
  return a.rows() == b.rows() && a.cols() == b.cols();
}

bool agrees(double a, double b, double allowed) {
  if (!std::isfinite(a) || !std::isfinite(b)) return std::isnan(a) ? std::isnan(b) : a == b;
  return std::abs(a - b) <= allowed;
}

bool equal(const Matrix& a, const Matrix& b, double allowed) {
  if (!same_shape(a, b)) return false;
  for (Index i = 0; i < a.size(); ++i)
    if (!agrees(a.data()[i], b.data()[i], allowed)) return false;
  return true;
}

namespace {

using Lines = std::vector<Index>;  // rows, or columns

/// What the rows or columns stand for, from outside to inside: B sequences of T tokens.
struct Level {
  Text name;
  Index count;
  std::vector<Text> names = {};  // of each, where they have any
};
using Axis = std::vector<Level>;

Axis axis_of(Index count, const Dimensions& s, Text name) {
  const Level sequence{{"sequence", "dizi"}, s.B}, token{{"token", "token"}, s.T},
      head{{"head", "kafa"}, s.H}, column{{"a head's column", "kafa içinde sütun"}, s.d},
      part{{"", ""}, 3, {{"queries", "sorgular"}, {"keys", "anahtarlar"}, {"values", "değerler"}}};
  const Index C = s.H * s.d;
  if (s.T > 0 && s.B > 1 && count == s.B * s.T) return {sequence, token};
  if (s.T > 0 && count == s.T) return {token};
  if (C > 0 && count == 3 * C) return s.H > 1 ? Axis{part, head, column} : Axis{part, column};
  if (s.H > 1 && count == C) return {head, column};
  return {{name, count}};
}

Index index_at(Index line, const Axis& axis, std::size_t level) {
  for (std::size_t l = axis.size(); l-- > level + 1;) line /= axis[l].count;
  return line % axis[level].count;
}

/// "token 0, 2–5", or "queries, values".
std::string listed(const Lines& indices, const Level& level) {
  std::string text;
  for (std::size_t i = 0; i < indices.size();) {
    std::size_t last = i;
    while (last + 1 < indices.size() && indices[last + 1] == indices[last] + 1) ++last;
    if (!level.names.empty()) last = i;
    if (i > 0) text += ", ";
    if (level.names.empty()) text += std::to_string(indices[i]);
    else text += say(level.names[static_cast<std::size_t>(indices[i])]);
    if (last > i) text += (last == i + 1 ? ", " : "–") + std::to_string(indices[last]);
    i = last + 1;
  }
  return level.names.empty() ? say(level.name) + (" " + text) : text;
}

/// Which lines are wrong, if that is a whole level of the axis or but a few lines; empty if all
/// are.
std::string where(const std::vector<bool>& wrong, const Axis& axis, Text of_rows) {
  const auto count = std::ranges::count(wrong, true);
  if (count == 0 || count == std::ssize(wrong)) return "";
  for (std::size_t l = 0; l < axis.size(); ++l) {
    Lines bad, good;
    for (Index i = 0; i < axis[l].count; ++i) {
      Index bad_lines = 0, lines = 0;
      for (Index line = 0; line < std::ssize(wrong); ++line)
        if (index_at(line, axis, l) == i)
          ++lines, bad_lines += wrong[static_cast<std::size_t>(line)];
      if (bad_lines == lines) bad.push_back(i);
      if (bad_lines == 0) good.push_back(i);
    }
    if (std::ssize(bad) + std::ssize(good) == axis[l].count)
      return say({"Wrong: {}; right: {}.", "Yanlış: {}; doğru: {}."}, listed(bad, axis[l]),
                 listed(good, axis[l]));
    if (!good.empty() || (bad.size() == 1 && axis.size() > 1)) {
      const std::string whole = good.empty() ? "" : listed(good, axis[l]);
      if (!whole.empty())
        return say({"Wholly right: {}; the rest is not.", "Tümüyle doğru: {}; gerisi değil."},
                   whole);
    }
  }
  return say(of_rows, std::ssize(wrong) - count, std::ssize(wrong));
}

Matrix picked(const Matrix& m, const Lines& rows, const Lines& cols) { return m(rows, cols); }

/// f with a ≈ f·b for all numbers.
std::optional<double> factor_of(const Matrix& a, const Matrix& b, double allowed) {
  Index largest = 0;
  for (Index i = 0; i < b.size(); ++i)
    if (std::abs(b.data()[i]) > std::abs(b.data()[largest])) largest = i;
  const double f = a.data()[largest] / b.data()[largest];
  if (!std::isfinite(f) || !equal(a, b * f, allowed * std::max(1.0, std::abs(f))))
    return std::nullopt;
  return f;
}

std::string times(double factor, const Dimensions& sizes) {
  const std::string name = factor_name(factor, sizes);
  const std::string value = fmt::format("{:.6g}", factor);
  return name.empty() || name == value ? value : fmt::format("{} = {}", name, value);
}

/// For each line of the answer a line of what is right that it equals; none if one has no such
/// line.
Lines same_lines(const Matrix& answer, const Matrix& right, double allowed) {
  Lines map;
  for (Index i = 0; i < answer.rows(); ++i) {
    const auto is = [&](Index j) { return equal(answer.row(i), right.row(j), allowed); };
    Index j = is(i) ? i : 0;
    while (j < right.rows() && !is(j)) ++j;
    if (j == right.rows()) return {};
    map.push_back(j);
  }
  return map;
}

/// Which lines stand where others belong, in words.
std::string order(const Lines& map, const Axis& axis, bool rows) {
  const Index n = std::ssize(map);
  const auto all = [&](const std::function<Index(Index)>& is) {
    for (Index i = 0; i < n; ++i)
      if (is(i) >= 0 && is(i) < n && map[static_cast<std::size_t>(i)] != is(i)) return false;
    return true;
  };
  if (axis.size() == 2) {
    const Index O = axis[0].count, I = axis[1].count;
    if (all([&](Index i) { return i % O * I + i / O; }) ||
        all([&](Index i) { return i % I * O + i / I; }))
      return rows
                 ? say({"The rows are the right ones in the other order: row b·T + t is token t of "
                        "sequence b, not row t·B + b.",
                        "Satırlar doğru, sıraları öbür türlü: b dizisinin t tokenı t·B + b değil, "
                        "b·T + t satırıdır."})
                 : say({"The columns are the right ones, but the heads are interleaved: head h has "
                        "columns h·d to h·d + d − 1.",
                        "Sütunlar doğru, ama kafalar iç içe geçmiş: h kafasının sütunları h·d'den "
                        "h·d + d − 1'e kadardır."});
  }
  const Level& outer = axis[0];
  if (axis.size() > 1) {  // whole sequences, heads, or queries, keys and values
    const Index size = n / outer.count;
    std::string moved;
    bool whole = true;
    for (Index o = 0; o < outer.count; ++o) {
      const Index from = map[static_cast<std::size_t>(o * size)] / size;
      for (Index i = 0; i < size; ++i)
        whole = whole && map[static_cast<std::size_t>(o * size + i)] == from * size + i;
      if (from != o)
        moved += (moved.empty() ? "" : ", ") +
                 fmt::format("{} ← {}", listed({o}, outer), listed({from}, outer));
    }
    if (whole)
      return say({"Right numbers stand in the wrong place ({}).",
                  "Doğru sayılar yanlış yerde duruyor ({})."},
                 moved);
  }
  const std::string what = rows ? say({"row", "satır"}) : say({"column", "sütun"});
  if (all([&](Index i) { return n - 1 - i; }))
    return say({"Each {} is right, but they stand in reverse.",
                "Her {} doğru, ama ters sırada duruyorlar."},
               what);
  for (const Index shift : {1, -1})
    if (all([&](Index i) { return i + shift; }))
      return say({"Each {} stands {} place too {}: an index is off by one.",
                  "Her {} {} yer {} duruyor: bir indis bir kaymış."},
                 what, 1, shift > 0 ? say({"early", "önce"}) : say({"late", "sonra"}));
  if (std::ranges::all_of(map, [&](Index i) { return i == map[0]; }))
    return say({"Each {0} holds the numbers of {0} {1}.", "Her {0}, {1} numaralı {0} ile aynı."},
               what, map[0]);
  std::string some;
  for (Index i = 0, shown = 0; i < n && shown < 3; ++i)
    if (const Index j = map[static_cast<std::size_t>(i)]; j != i)
      some += fmt::format("{}{} ← {}", shown++ > 0 ? ", " : "", i, j);
  return say({"Each {} is a right one, but not in its place ({}, …).",
              "Her {} doğru, ama yerinde değil ({}, …)."},
             what, some);
}

/// How the wrong part relates to the right one, number by number; both without what is right.
Relation relation(const Matrix& a, const Matrix& r, double allowed, const Dimensions& sizes) {
  const bool few = r.size() < 3;  // any two numbers have some factor, and differ by some constant
  const double largest = r.cwiseAbs().maxCoeff(), off = (a - r).cwiseAbs().maxCoeff();
  if (a.isZero(0)) return {say({"These numbers are 0.", "Bu sayılar 0."}), all_zero};
  if (off < 1e-4 * largest)
    return {
        say({"They are right to {:.0f} digits: a constant is rounded (0.7 for 0.7071), something "
             "small like ε is where it does not belong or is missing, or it was computed in "
             "float.",
             "Sayılar {:.0f} basamağa kadar doğru: bir sabit yuvarlanmış, ε gibi küçük bir şey "
             "eksik ya da yersiz, ya da hesap float ile yapılmış."},
            std::floor(-std::log10(off / largest))),
        nearly_right};
  if (const auto f = factor_of(a, r, allowed); f && (!few || !factor_name(*f, sizes).empty())) {
    if (agrees(*f, -1, 1e-9)) return {say(advice(negated)), negated};
    return {say({"The right number times {}, in every place.", "Her sayı, doğrusunun {} katı."},
                times(*f, sizes)),
            wrong_factor};
  }
  if (few) return {};
  const Matrix over = a - r;
  if (equal(over, Matrix::Constant(a.rows(), a.cols(), over(0, 0)), allowed))
    return {say({"The right number plus {:.6g}, in every place.",
                 "Her sayı, doğrusundan {:.6g} fazla."},
                over(0, 0)),
            something_added};
  if (equal(a.cwiseAbs(), r.cwiseAbs(), allowed))
    return {say({"Only signs are wrong.", "Yalnızca işaretler yanlış."}), wrong_sign};
  return {};
}

/// Whether each row, or each column, is off by a number of its own.
Relation by_lines(const Matrix& a, const Matrix& r, double allowed) {
  if (r.size() < 3) return {};
  const auto lines = [&](bool rows) -> Relation {
    const Matrix al = rows ? a : Matrix(a.transpose()), rl = rows ? r : Matrix(r.transpose()),
                 ol = al - rl;
    if (al.cols() < 2 || al.rows() < 2) return {};
    const std::string one = rows ? say({"row", "satır"}) : say({"column", "sütun"});
    bool added = true, scaled = true;
    std::vector<double> factors;
    for (Index i = 0; i < al.rows(); ++i) {
      added = added && equal(ol.row(i), Matrix::Constant(1, ol.cols(), ol(i, 0)), allowed);
      const auto f = factor_of(al.row(i), rl.row(i), allowed);
      scaled = scaled && f;
      if (scaled) factors.push_back(*f);
    }
    if (scaled)
      return {
          say({"Each {} is the right one times a number of its own ({:.6g}, {:.6g}, …): something "
               "that belongs to the {} is left out, or used once too often.",
               "Her {}, doğrusunun kendine ait bir katı ({:.6g}, {:.6g}, …): {} başına bir şey "
               "eksik ya da bir kez fazla."},
              one, factors[0], factors[1], one),
          wrong_factor};
    if (added)
      return {
          say({"In each {} all numbers are off by the same ({:.6g}, {:.6g}, …): a term that "
               "belongs "
               "to the {} is missing, or there once too often.",
               "Her {} içinde bütün sayılar aynı kadar sapıyor ({:.6g}, {:.6g}, …): {} başına bir "
               "terim eksik ya da bir kez fazla."},
              one, ol(0, 0), ol(1, 0), one),
          something_added};
    return {};
  };
  const Relation by_rows = lines(true);
  return by_rows.text.empty() ? lines(false) : by_rows;
}

/// Whether the logarithms of each row are the right ones times a factor, but for a constant: then
/// the scores were multiplied by something before exp.
Relation through_exp(const Matrix& a, const Matrix& r, double allowed) {
  if (r.cols() < 4 || a.minCoeff() <= 0 || r.minCoeff() <= 0) return {};
  std::vector<double> factors;
  for (Index row = 0; row < r.rows(); ++row) {
    const Matrix x = r.row(row).array().log(), y = a.row(row).array().log();
    const auto dx = (x.array() - x.mean()).matrix(), dy = (y.array() - y.mean()).matrix();
    factors.push_back(dx.cwiseProduct(dy).sum() / dx.squaredNorm());
    const Matrix fitted = (y.mean() + factors.back() * dx.array()).exp();
    if (!equal(fitted, a.row(row), 10 * allowed)) return {};
  }
  return {
      say({"In each row the logarithms are {:.6g} (then {:.6g}, …) times the right ones, but for a "
           "constant: the scores are multiplied by something before exp.",
           "Her satırda logaritmalar, bir sabit dışında, doğrularının {:.6g} (sonra {:.6g}, …) "
           "katı: puanlar exp'ten önce bir şeyle çarpılmış."},
          factors[0], factors.size() > 1 ? factors[1] : factors[0]),
      wrong_factor};
}

/// Whether a row has but a few wrong numbers, whose sum is right.
Relation moved_in_row(const Matrix& a, const Matrix& r, double allowed) {
  Index most = 0;
  for (Index row = 0; row < r.rows(); ++row) {
    if (!agrees(a.row(row).sum(), r.row(row).sum(), static_cast<double>(r.cols()) * allowed))
      return {};
    Index wrong = 0;
    for (Index c = 0; c < r.cols(); ++c) wrong += !agrees(a(row, c), r(row, c), allowed);
    most = std::max(most, wrong);
  }
  if (most != 2 || r.cols() < 4) return {};
  return {
      say({"In each of these rows two numbers are wrong, and their sum is right: something stands "
           "in "
           "the wrong column.",
           "Bu satırların her birinde iki sayı yanlış, toplamları doğru: bir şey yanlış sütunda "
           "duruyor."}),
      other_order};
}

/// A known quantity as large as the matrix: one row or one column stands in all of them.
Matrix spread_over(const Matrix& known, const Matrix& right) {
  if (known.rows() == 1 && known.cols() == right.cols()) return known.replicate(right.rows(), 1);
  if (known.cols() == 1 && known.rows() == right.rows()) return known.replicate(1, right.cols());
  return same_shape(known, right) ? known : Matrix();
}

/// Whether it is another quantity, or what is right with another quantity added or multiplied.
Relation mixed_up(const Matrix& a, const Matrix& r, double allowed, const Dimensions& sizes,
                  const std::vector<Known>& known) {
  if (r.size() < 3) return {};
  const auto is = [](std::optional<double> factor, double wanted) {
    return factor && agrees(*factor, wanted, 1e-7);
  };
  for (const auto& [name, k] : known) {
    if (k.size() == 0 || k.isZero(allowed) || equal(k, r, allowed)) continue;
    const auto itself = factor_of(a, k, allowed), more = factor_of(a - r, k, allowed),
               product = factor_of(a, r.cwiseProduct(k), allowed),
               quotient = factor_of(a.cwiseProduct(k), r, allowed);
    if (is(itself, 1))
      return {say({"These are the numbers of {}.", "Bunlar {} sayıları."}, name), other_quantity};
    if (itself && !is(itself, 0))
      return {say({"These are the numbers of {} times {}.", "Bunlar {} sayılarının {} katı."}, name,
                  times(*itself, sizes)),
              other_quantity};
    if (is(more, 1))
      return {say({"It is the right result plus {}.", "Doğru sonuç artı {}."}, name),
              something_added};
    if (is(more, -1))
      return {say({"It is the right result minus {}.", "Doğru sonuç eksi {}."}, name),
              something_added};
    if (more && !is(more, 0))
      return {say({"It is the right result plus {} times {}.", "Doğru sonuç artı {} çarpı {}."},
                  times(*more, sizes), name),
              something_added};
    if (is(product, 1))
      return {say({"It is the right result times {}, number by number.",
                   "Doğru sonucun, sayı sayı, {} ile çarpılmışı."},
                  name),
              wrong_factor};
    if (is(quotient, 1))
      return {say({"It is the right result divided by {}, number by number.",
                   "Doğru sonucun, sayı sayı, {} ile bölünmüşü."},
                  name),
              wrong_factor};
  }
  return {};
}

/// Whether each row is the right one but for its scale and a share of the known quantities: then
/// what is wrong is a number of the row, such as its mean. There are more columns than shares.
Relation shares_by_row(const Matrix& a, const Matrix& r, double allowed,
                       const std::vector<Known>& known) {
  Matrices quantities;
  for (const auto& [name, k] : known)
    if (k.size() > 0) quantities.push_back(k);
  if (r.rows() < 2 || r.cols() < 6) return {};
  // Of the known quantities, no more than leave three numbers of each row to check with.
  const auto n = std::min<Index>(std::ssize(quantities), r.cols() - 5);
  for (Index row = 0; row < r.rows(); ++row) {
    Matrix basis(r.cols(), 2 + n);
    basis.col(0) = r.row(row).transpose(), basis.col(1).setOnes();
    for (Index q = 0; q < n; ++q)
      basis.col(2 + q) = quantities[static_cast<std::size_t>(q)].row(row).transpose();
    const Matrix target = a.row(row).transpose(),
                 fitted = basis * basis.completeOrthogonalDecomposition().solve(target);
    if (!equal(fitted, target, 10 * allowed)) return {};
  }
  return {
      say({"Each row is the right one but for its scale and what is added to it: a number that "
           "belongs to the whole row, such as a mean, a sum or a spread, is wrong.",
           "Her satır, ölçeği ve ona eklenen dışında doğru: bütün satıra ait bir sayı (ortalama, "
           "toplam, yayılım gibi) yanlış."}),
      wrong_of_row};
}

}  // namespace

std::string factor_name(double factor, const Dimensions& s) {
  std::vector<std::pair<std::string, double>> sizes;
  const auto size = [&](const char* name, Index value) {
    if (value > 1) sizes.emplace_back(name, static_cast<double>(value));
  };
  size("d", s.d), size("T", s.T), size("H", s.H), size("B", s.B), size("C", s.H * s.d),
      size("(B·T)", s.B * s.T);
  for (const auto& [name, value] : s.others) size(name, value);
  const double magnitude = std::abs(factor);
  const std::string sign = factor < 0 ? "-" : "";
  const auto is = [&](double value) { return std::abs(magnitude - value) < 1e-7 * value; };
  if (is(1) || is(2) || is(3)) return fmt::format("{}{:.0f}", sign, magnitude);
  if (is(0.5)) return sign + "½";
  for (const auto& [name, v] : sizes) {
    if (is(std::sqrt(v))) return sign + "√" + name;
    if (is(1 / std::sqrt(v))) return sign + "1/√" + name;
    if (is(v)) return sign + name;
    if (is(1 / v)) return sign + "1/" + name;
    if (is(v * v)) return sign + name + "²";
    if (is(1 / (v * v))) return sign + "1/" + name + "²";
    if (is((v - 1) / v)) return fmt::format("{}({} − 1)/{}", sign, name, name);
    if (is(v / (v - 1))) return fmt::format("{}{}/({} − 1)", sign, name, name);
  }
  if (is(std::numbers::ln2)) return sign + "ln 2";
  if (is(1 / std::numbers::ln2)) return sign + "1/ln 2";
  if (is(std::numbers::ln10)) return sign + "ln 10";
  if (is(1 / std::numbers::ln10)) return sign + "1/ln 10";
  for (const auto& [a, v] : sizes)
    for (const auto& [b, w] : sizes) {
      if (v == w) continue;
      if (is(v / w)) return fmt::format("{}{}/{}", sign, a, b);
      if (is(std::sqrt(v / w))) return fmt::format("{}√({}/{})", sign, a, b);
      if (is(v * w)) return fmt::format("{}{}·{}", sign, a, b);
      if (is(1 / (v * w))) return fmt::format("{}1/({}·{})", sign, a, b);
    }
  return "";
}

Relation how(const Matrix& answer, const Matrix& right, double allowed, const Dimensions& sizes,
             const std::vector<Known>& known) {
  const Axis row_axis = axis_of(right.rows(), sizes, {"row", "satır"}),
             column_axis = axis_of(right.cols(), sizes, {"column", "sütun"});
  std::vector<bool> wrong_rows(static_cast<std::size_t>(right.rows())),
      wrong_cols(static_cast<std::size_t>(right.cols()));
  bool finite = true, diagonal_right = right.rows() == right.cols() && right.rows() > 1;
  for (Index i = 0; i < right.rows(); ++i)
    for (Index j = 0; j < right.cols(); ++j) {
      finite = finite && std::isfinite(answer(i, j)) && std::isfinite(right(i, j));
      if (agrees(answer(i, j), right(i, j), allowed)) continue;
      wrong_rows[static_cast<std::size_t>(i)] = wrong_cols[static_cast<std::size_t>(j)] = true;
      diagonal_right = diagonal_right && i != j;
    }
  Lines rows, cols;
  for (Index i = 0; i < right.rows(); ++i)
    if (wrong_rows[static_cast<std::size_t>(i)]) rows.push_back(i);
  for (Index j = 0; j < right.cols(); ++j)
    if (wrong_cols[static_cast<std::size_t>(j)]) cols.push_back(j);
  if (rows.empty()) return {};

  Relation found;
  if (finite) {
    const Matrix a = picked(answer, rows, cols), r = picked(right, rows, cols);
    found = relation(a, r, allowed, sizes);
    std::vector<Known> there;
    for (const auto& [name, k] : known)
      if (const Matrix all = spread_over(k, right); all.size() > 0)
        there.push_back({name, picked(all, rows, cols)});
    if (found.text.empty()) found = mixed_up(a, r, allowed, sizes, there);
    if (found.text.empty()) found = by_lines(a, r, allowed);
    if (found.text.empty()) found = through_exp(a, r, allowed);
    if (found.text.empty()) found = moved_in_row(a, r, allowed);
    if (found.text.empty() && right.rows() > 1 && right.cols() > 1)
      if (const Lines map = same_lines(answer, right, allowed); !map.empty())
        found = {order(map, row_axis, true), other_order};
    if (found.text.empty() && right.cols() > 1 && right.rows() > 1)
      if (const Lines map = same_lines(answer.transpose(), right.transpose(), allowed);
          !map.empty())
        found = {order(map, column_axis, false), other_order};
    if (found.text.empty() && right.size() > 3) {
      const Matrix turned = right.transpose();
      if (equal(answer, Eigen::Map<const Matrix>(turned.data(), right.rows(), right.cols()),
                allowed))
        found = {say(advice(transposed)), transposed};
    }
    if (found.text.empty() && right.size() > 3) {
      Matrix sorted_a = answer, sorted_r = right;
      std::sort(sorted_a.data(), sorted_a.data() + sorted_a.size());
      std::sort(sorted_r.data(), sorted_r.data() + sorted_r.size());
      if (equal(sorted_a, sorted_r, allowed))
        found = {say({"All numbers are right ones, but not in their places.",
                      "Bütün sayılar doğru, ama yerlerinde değiller."}),
                 other_order};
    }
    if (found.text.empty()) found = shares_by_row(a, r, allowed, there);
  }
  std::string places =
      where(wrong_rows, row_axis, {"{} of {} rows are right.", "{} / {} satır doğru."});
  const std::string in_columns =
      where(wrong_cols, column_axis, {"{} of {} columns are right.", "{} / {} sütun doğru."});
  if (diagonal_right && rows.size() == wrong_rows.size())
    places = say({"Only the diagonal is right.", "Yalnızca köşegen doğru."});
  for (const std::string& part : {in_columns, found.text})
    if (!part.empty()) places += (places.empty() ? "" : " ") + part;
  found.text = places;
  return found;
}

Relation how(const Tokens& answer, const Tokens& right) {
  const std::size_t a = answer.size(), r = right.size(), both = std::min(a, r);
  std::size_t same = 0, same_end = 0;
  while (same < both && answer[same] == right[same]) ++same;
  while (same_end < both && answer[a - 1 - same_end] == right[r - 1 - same_end]) ++same_end;
  if (a == 0) return {say({"Nothing came.", "Hiçbir şey gelmedi."}), all_zero};
  if (same == a)
    return {say({"What came is right, but it ends too early: {} numbers, of {}.",
                 "Gelen doğru, ama erken bitiyor: {} sayı, {} olmalı."},
                a, r),
            too_short};
  if (same == r)
    return {say({"All that is asked for is there, and then more: {} numbers, not {}.",
                 "İstenenin hepsi var, sonra fazlası geliyor: {} sayı, {} olmalı."},
                a, r),
            too_long};
  if (same + same_end >= both)
    return a > r   ? Relation{say({"The rest is right again: {} numbers too many stand there.",
                                   "Gerisi yine doğru: orada {} sayı fazla."},
                                  a - r),
                            too_long}
           : a < r ? Relation{say({"The rest is right again: {} numbers are missing there.",
                                   "Gerisi yine doğru: orada {} sayı eksik."},
                                  r - a),
                              too_short}
                   : Relation{
                         say({"It is the only wrong one of {}.", "{} sayıdan tek yanlışı bu."}, r)};
  if (a == r) {
    Index differ = 0;
    bool by_same = true;
    const Token off = answer[same] - right[same];
    for (std::size_t i = 0; i < a; ++i)
      if (answer[i] != right[i]) ++differ, by_same = by_same && answer[i] - right[i] == off;
    if (by_same && differ > 1)
      return {say({"Every wrong number is off by {}.", "Her yanlış sayı {} kadar sapıyor."}, off),
              something_added};
    if (std::equal(answer.begin(), answer.end(), right.rbegin()))
      return {say({"It is the right list in reverse.", "Doğru listenin tersi bu."}), other_order};
    bool exchanged = a % 2 == 0;
    for (std::size_t i = 0; exchanged && i < a; ++i) exchanged = answer[i] == right[i ^ 1];
    if (exchanged)
      return {say({"In each pair, left and right are exchanged.",
                   "Her çiftte sol ile sağ yer değiştirmiş."}),
              other_order};
  }
  Tokens sorted_a = answer, sorted_r = right;
  std::ranges::sort(sorted_a), std::ranges::sort(sorted_r);
  if (sorted_a == sorted_r)
    return {say({"The same numbers as in the right list, in another order.",
                 "Doğru listedeki sayılar, ama başka sırada."}),
            other_order};
  if (a != r)
    return {say({"{} numbers came, {} would be right.", "{} sayı geldi, {} olmalı."}, a, r),
            a < r ? too_short : too_long};
  const auto wrong = static_cast<std::size_t>(
      std::inner_product(answer.begin(), answer.end(), right.begin(), 0, std::plus<>(),
                         [](Token x, Token y) { return x == y ? 0 : 1; }));
  return {say({"{} of {} are right.", "{} / {} doğru."}, r - wrong, r)};
}

}  // namespace grader
