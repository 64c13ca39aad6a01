// What the rooms say with seed 1, a name and a number a line: compiled for this machine and for the
// browser, to be compared (same_figures.py).
#include <fmt/core.h>

#include "curve.hpp"
#include "leash.hpp"
#include "line.hpp"
#include "looking_back.hpp"
#include "next_word.hpp"
#include "vectors.hpp"
#include "writer.hpp"

using namespace damla::playground;

namespace {
void figure(const std::string& name, double number) { fmt::print("{} {:.9g}\n", name, number); }
}  // namespace

int main() {
  damla::set_threads(1);
  const LabelledPoints songs = Line::lesson_songs(1, 2000);
  Line line(1);
  line.set_songs(songs.xy, songs.label);
  figure("line.loss", line.step(300));
  figure("line.arabesk", line.probability(80, 0.3));
  figure("line.right", line.fresh_accuracy());

  for (const std::string activation : {"relu", "tanh", "gelu", "none"}) {
    const LabelledPoints points = Curve::points("xor", 400, 1);
    Curve curve(1, 8, 2, activation);
    curve.set_points(points.xy, points.label);
    figure("curve." + activation + ".loss", curve.step(100));
    figure("curve." + activation + ".right", curve.accuracy());
  }

  Vectors vectors(1);
  figure("vectors.loss", vectors.step(50));
  LookingBack looking_back(1);
  figure("looking_back.loss", looking_back.step(50));
  NextWord next_word(1);
  figure("next_word.floor", next_word.floor());
  figure("next_word.loss", next_word.step(50));
  figure("next_word.fresh_loss", next_word.fresh_loss());
  Writer writer(1, Writer::lesson_text(1), "words");
  figure("writer.loss", writer.step(30));
  Leash leash(1, 0.2);
  figure("leash.reward", leash.step(2));
}
