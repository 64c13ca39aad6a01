#include "report/picture.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "damla/core/files.hpp"
#include "report/say.hpp"

namespace damla::report {

namespace {
/// Okabe and Ito, 2008: blue, vermilion, green, orange, purple, sky blue, black.
constexpr const char* colours[] = {"#0072B2", "#D55E00", "#009E73", "#E69F00",
                                   "#CC79A7", "#56B4E9", "#000000"};
constexpr int shapes[] = {7, 9, 5, 13, 11, 4, 6};  // gnuplot's filled circle, triangle, square, …

const char* colour(std::size_t i) { return colours[i % std::size(colours)]; }
int shape(std::size_t i) { return shapes[i % std::size(shapes)]; }

/// A text for gnuplot, in single quotes, where nothing is special but an apostrophe, which is
/// written twice.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += "''";
    else if (c == '\n') result += ' ';
    else result += c;
  }
  return result + "'";
}

/// A text that is written in both languages, in that of this run.
std::string said(const std::string& both) { return quoted(in_language(both)); }

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + "\"";
}

bool have_gnuplot() {
#ifdef _WIN32
  static const bool found = std::system("where gnuplot >NUL 2>NUL") == 0;
#else
  static const bool found = std::system("command -v gnuplot >/dev/null 2>&1") == 0;
#endif
  return found;
}

/// A block of numbers inside the script, which can be plotted under its name.
std::string block(const std::string& name, const std::string& rows) {
  return fmt::format("${} << EOD\n{}EOD\n", name, rows);
}

std::string points(const Series& s) {
  std::string rows;
  for (std::size_t i = 0; i < s.y.size(); ++i)
    rows += fmt::format("{} {}\n", s.x.empty() ? static_cast<double>(i) : s.x[i], s.y[i]);
  return rows;
}

std::string header(const Axes& a) {
  std::string text = fmt::format(
      "set encoding utf8\nset termoption noenhanced\nset title {}\nset xlabel {}\nset ylabel {}\n"
      "set border 3 lw 1.5\nset tics nomirror out\nset grid lc rgb '#dddddd' lw 1\nset key outside "
      "right top\n",
      said(a.title), said(a.x), said(a.y));
  if (in_turkish()) text += "set decimalsign ','\n";
  if (a.log_x) text += "set logscale x\n";
  if (a.log_y) text += "set logscale y\n";
  if (a.y_range.first != a.y_range.second)
    text += fmt::format("set yrange [{}:{}]\n", a.y_range.first, a.y_range.second);
  return text;
}

/// Draws PATH.svg. `script` ends with the plot command.
bool draw(const std::string& path, const std::string& script) {
  if (!have_gnuplot()) return false;
  std::string text = "set terminal svg size 960,600 font 'DejaVu Sans,18' background 'white'\n";
  text += fmt::format("set output {}\n{}\nset output\n", quoted(path + ".svg"), script);
  const std::string file = path + ".gnuplot";
  write_file_whole(file, text);
#ifdef _WIN32
  const std::string command = "gnuplot \"" + file + "\" 2>NUL";
#else
  std::string name;  // in single quotes for the shell
  for (const char c : file) name += c == '\'' ? std::string("'\\''") : std::string(1, c);
  const std::string command = "gnuplot '" + name + "' 2>/dev/null";
#endif
  const bool good = std::system(command.c_str()) == 0;
  std::filesystem::remove(file);
  return good;
}

/// PATH.json: what the numbers of PATH.csv are, for the tour's page, which draws them itself.
void describe(const std::string& path, const char* kind, const Axes& a,
              const nlohmann::json& grid = nullptr) {
  nlohmann::json text{
      {"kind", kind}, {"x", a.x}, {"y", a.y}, {"log_x", a.log_x}, {"log_y", a.log_y}};
  if (a.y_range.first != a.y_range.second) text["y_range"] = a.y_range;
  if (!grid.is_null()) text["grid"] = grid;
  write_file_whole(path + ".json", text.dump() + "\n");
}

void write_csv(const std::string& path, const std::vector<Series>& series) {
  for (const Series& s : series)
    if (!s.x.empty() && s.x.size() != s.y.size())
      throw Error(
          fmt::format("{}: series {} has {} x for {} y", path, s.name, s.x.size(), s.y.size()));
  std::string csv = "series,x,y\n";
  for (const Series& s : series)
    for (std::size_t i = 0; i < s.y.size(); ++i)
      csv += fmt::format("{},{},{}\n", csv_field(s.name),
                         s.x.empty() ? static_cast<double>(i) : s.x[i], s.y[i]);
  write_file_whole(path + ".csv", csv);
}
}  // namespace

bool draw_lines(const std::string& path, const Axes& axes, const std::vector<Series>& series) {
  write_csv(path, series);
  describe(path, "lines", axes);
  std::string script =
      header(axes) + "set key above\n";  // long names beside the lines would take half of the width
  std::vector<std::string> plots;
  for (std::size_t i = 0; i < series.size(); ++i) {
    script += block(fmt::format("s{}", i), points(series[i]));
    plots.push_back(
        fmt::format("$s{0} with linespoints title {1} lc rgb '{2}' lw 3 dt {3} pt {4} ps 0.9", i,
                    said(series[i].name), colour(i), i + 1, shape(i)) +
        (series[i].y.size() > 40 ? " pointinterval " + std::to_string(series[i].y.size() / 12)
                                 : ""));
  }
  return draw(path, script + fmt::format("plot {}", fmt::join(plots, ", ")));
}

bool draw_scatter(const std::string& path, const Axes& axes, const std::vector<Series>& classes,
                  const std::function<double(double x, double y)>& probability) {
  write_csv(path, classes);
  std::string script = header(axes);
  std::vector<std::string> plots;
  nlohmann::json shade;
  if (probability) {
    double x0 = HUGE_VAL, x1 = -HUGE_VAL, y0 = HUGE_VAL, y1 = -HUGE_VAL;
    for (const Series& s : classes)
      for (std::size_t i = 0; i < s.y.size(); ++i) {
        x0 = std::min(x0, s.x[i]), x1 = std::max(x1, s.x[i]);
        y0 = std::min(y0, s.y[i]), y1 = std::max(y1, s.y[i]);
      }
    constexpr int steps = 80;
    std::string grid;
    shade = {{"x", {x0, x1}}, {"y", {y0, y1}}, {"p", nlohmann::json::array()}};
    for (int j = 0; j <= steps; ++j) {
      if (j % 2 == 0) shade["p"].push_back(nlohmann::json::array());  // half as fine
      for (int i = 0; i <= steps; ++i) {
        const double x = x0 + (x1 - x0) * i / steps, y = y0 + (y1 - y0) * j / steps;
        const double p = probability(x, y);
        grid += fmt::format("{} {} {}\n", x, y, p);
        if (i % 2 == 0 && j % 2 == 0) shade["p"].back().push_back(std::round(1e5 * p) / 1e5);
      }
      grid += "\n";
    }
    script += block("grid", grid);
    script +=
        "set contour base\nset cntrparam levels discrete 0.5\nunset surface\nset table "
        "$border\nsplot $grid\nunset table\n"
        "unset contour\nset surface\n";
    script += fmt::format(
        "set palette defined (0 '#a8cbe6', 0.5 '#ffffff', 1 '#f3c3a0')\nset cbrange [0:1]\n"
        "set colorbox user origin 0.87,0.15 size 0.025,0.4\nset xrange [{}:{}]\nset yrange "
        "[{}:{}]\n",
        x0, x1, y0, y1);
    plots.push_back("$grid with image pixels notitle");
  }
  describe(path, "scatter", axes, shade);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    script += block(fmt::format("c{}", i), points(classes[i]));
    plots.push_back(fmt::format("$c{} with points title {} lc rgb '{}' pt {} ps 0.9", i,
                                said(classes[i].name), colour(i), shape(i)));
  }
  if (probability) plots.push_back("$border with lines lc rgb 'black' lw 3 title 'P = 0.5'");
  return draw(path, script + fmt::format("plot {}", fmt::join(plots, ", ")));
}

bool draw_bars(const std::string& path, const Axes& axes, const std::vector<std::string>& labels,
               const std::vector<Series>& series) {
  std::string csv = "label", rows;
  for (const Series& s : series) {
    if (s.y.size() != labels.size())
      throw Error(fmt::format("draw_bars: series {} has {} bars, but there are {} labels", s.name,
                              s.y.size(), labels.size()));
    csv += "," + csv_field(s.name);
  }
  csv += "\n";
  for (std::size_t i = 0; i < labels.size(); ++i) {
    csv += csv_field(labels[i]);
    std::string label = in_language(labels[i]);
    std::replace(label.begin(), label.end(), '"', '\'');
    rows += fmt::format("\"{}\"", label);
    for (const Series& s : series)
      csv += fmt::format(",{}", s.y[i]), rows += fmt::format(" {}", s.y[i]);
    csv += "\n", rows += "\n";
  }
  write_file_whole(path + ".csv", csv);
  describe(path, "bars", axes);
  std::string script = header(axes) + block("bars", rows);
  script +=
      "set style data histogram\nset style histogram clustered gap 1\n"
      "set style fill solid 0.9 border rgb 'black'\nset boxwidth 0.9\n";
  if (labels.size() > 6) script += "set xtics rotate by -35\n";
  if (!axes.log_y && axes.y_range.first == axes.y_range.second) script += "set yrange [0:*]\n";
  std::vector<std::string> plots;
  for (std::size_t k = 0; k < series.size(); ++k)
    plots.push_back(fmt::format("$bars using {}:xtic(1) title {} lc rgb '{}' fs {}", k + 2,
                                said(series[k].name), colour(k),
                                k == 0 ? "solid 0.9" : fmt::format("pattern {}", k + 1)));
  return draw(path, script + fmt::format("plot {}", fmt::join(plots, ", ")));
}

bool draw_heat_map(const std::string& path, const Axes& axes,
                   const std::vector<std::string>& row_labels,
                   const std::vector<std::string>& column_labels, const ConstMatrixRef& values) {
  expect_shape("draw_heat_map", "values", values, std::ssize(row_labels), std::ssize(column_labels),
               "one label each");
  std::string csv, rows;
  for (const std::string& label : column_labels) csv += "," + csv_field(label);
  csv += "\n";
  const double low = static_cast<double>(values.minCoeff()),
               high = static_cast<double>(values.maxCoeff());
  for (Index r = 0; r < values.rows(); ++r) {
    csv += csv_field(row_labels[static_cast<std::size_t>(r)]);
    for (Index c = 0; c < values.cols(); ++c) {
      const double v = static_cast<double>(values(r, c));
      csv += fmt::format(",{}", v);
      rows += fmt::format("{} {} {} \"{:.2g}\" {}\n", c, r, v, v,
                          v > low + 0.6 * (high - low) ? 0xffffff : 0x000000);
    }
    csv += "\n", rows += "\n";
  }
  write_file_whole(path + ".csv", csv);
  describe(path, "heat map", axes);
  std::string script = header(axes) + block("map", rows);
  const auto tics = [](const std::vector<std::string>& labels) {
    std::vector<std::string> items;
    for (std::size_t i = 0; i < labels.size(); ++i)
      items.push_back(fmt::format("{} {}", said(labels[i]), i));
    return fmt::format("({})", fmt::join(items, ", "));
  };
  script += fmt::format(
      "unset grid\nset xtics rotate by 45 right {}\nset ytics {}\nset yrange [{}:-0.5]\nset xrange "
      "[-0.5:{}]\n"
      "set palette defined (0 '#ffffff', 0.5 '#56B4E9', 1 '#003f6b')\nunset key\nset bmargin "
      "6\nset lmargin 14\n",
      tics(column_labels), tics(row_labels), static_cast<double>(values.rows()) - 0.5,
      static_cast<double>(values.cols()) - 0.5);
  std::string plot = "plot $map using 1:2:3 with image pixels notitle";
  if (values.size() <= 150)
    plot += ", $map using 1:2:4:5 with labels tc rgb variable font ',13' notitle";
  return draw(path, script + plot);
}

bool draw_words(const std::string& path, const Axes& axes, const std::vector<std::string>& words,
                const ConstMatrixRef& points_) {
  expect_shape("draw_words", "points", points_, std::ssize(words), 2, "x and y of each word");
  std::string csv = "word,x,y\n", rows;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto r = static_cast<Index>(i);
    csv += fmt::format("{},{},{}\n", csv_field(words[i]), points_(r, 0), points_(r, 1));
    std::string word = words[i];
    std::replace(word.begin(), word.end(), '"', '\'');
    rows += fmt::format("{} {} \"{}\"\n", points_(r, 0), points_(r, 1), word);
  }
  write_file_whole(path + ".csv", csv);
  describe(path, "words", axes);
  return draw(path, header(axes) + block("words", rows) +
                        "unset key\nset offsets graph 0.1, graph 0.1, graph 0.05, graph 0.05\n"
                        "plot $words using 1:2 with points pt 7 ps 0.8 lc rgb '#0072B2', "
                        "$words using 1:2:3 with labels offset 0,0.8 font ',15'");
}

}  // namespace damla::report
