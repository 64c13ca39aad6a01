#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <concepts>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "damla/damla.hpp"
#include "report/picture.hpp"
#include "report/text_table.hpp"

#if __has_include(<xcpp/xdisplay.hpp>)  // in xeus-cpp
#include <dlfcn.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <xcpp/xdisplay.hpp>
#endif

/// The first cell of a notebook includes this header and no other: damla, and what shows pictures,
/// tables and claims. It hides which kernel runs the notebook, xeus-cpp or that of
/// notebooks/kernel.
namespace damla::notebook {

/// Whether short training runs are wanted: when the environment's DAMLA_FAST is set and not empty.
inline bool fast() {
  const char* text = std::getenv("DAMLA_FAST");
  return text != nullptr && *text != '\0';
}

/// How long to train: `full` steps, or `few` when fast() is wanted.
inline Index steps(Index full, Index few) { return fast() ? few : full; }

#if __has_include(<xcpp/xdisplay.hpp>)
/// In xeus-cpp the libraries are loaded when the header is included: this one needs libdamla.so.
inline const bool library_loaded = dlopen("libdamla_lessons.so", RTLD_NOW | RTLD_GLOBAL) != nullptr;

struct Svg {
  std::string text;
};
inline nlohmann::json mime_bundle_repr(const Svg& svg) { return {{"image/svg+xml", svg.text}}; }
#endif

/// A path for one of the draw_… functions of report/picture.hpp, without ending:
/// `draw_lines(Picture(), axes, lines)`. The picture is shown below the cell when that statement is
/// over, or its path printed where there is no notebook, or no gnuplot.
class Picture {
 public:
  Picture() {
    static int count = 0;
    const char* folder = std::getenv("DAMLA_NOTEBOOK");  // set by the kernel of notebooks/kernel
    inside_ = folder != nullptr;
    const std::filesystem::path path =
        inside_ ? std::filesystem::path(folder) : std::filesystem::temp_directory_path();
    static const unsigned own = std::random_device{}();  // other programs draw there, too
    path_ = (path / fmt::format("picture_{:08x}_{}", own, ++count)).string();
  }
  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;
  operator const std::string&() const { return path_; }

  ~Picture() {
    const std::string svg = path_ + ".svg";
    if (!std::filesystem::exists(svg) || std::filesystem::file_size(svg) == 0) {
      fmt::print(
          "(no picture: gnuplot is missing, or numbers are not finite / resim yok: gnuplot yok ya "
          "da sayılar sonsuz)\n");
    } else if (inside_) {
      fmt::print("\x1b]damla-picture:{}\a\n", svg);
    } else {
#if __has_include(<xcpp/xdisplay.hpp>)
      std::ostringstream text;
      text << std::ifstream(svg).rdbuf();
      xcpp::display(Svg{text.str()});
#else
      fmt::print("{}\n", svg);
#endif
    }
  }

 private:
  std::string path_;
  bool inside_ = false;
};

/// `x, Shown()` prints x, when fmt can. The kernel puts it behind the last expression of a cell
/// that no semicolon ends.
struct Shown {};
template <class Value>
void operator,(const Value& value, Shown) {
  if constexpr (std::derived_from<Value, Eigen::DenseBase<Value>>)
    fmt::print("{}\n", value.template cast<Scalar>());  // a Matrix, or of whole numbers
  else if constexpr (fmt::is_formattable<Value>()) fmt::print("{}\n", value);
}

/// Prints rows as a table; the first is the heading.
inline void table(const std::vector<std::vector<std::string>>& rows) {
  fmt::print("{}", report::text_table(rows));
}

/// What a notebook has shown: prints the figure beside its band. Throws Error when it lies outside.
inline void claim(const std::string& says, double figure, double low, double high) {
  const std::string line =
      fmt::format("{}: {:.4g} (band / aralık: {:.4g} … {:.4g})", says, figure, low, high);
  if (!(figure >= low && figure <= high)) throw Error("does not hold / tutmuyor: " + line);
  fmt::print("holds / tutuyor: {}\n", line);
}

}  // namespace damla::notebook
