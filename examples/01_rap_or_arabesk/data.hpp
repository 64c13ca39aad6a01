#pragma once

// The songs of lesson 01: drawn, or the user's own.

#include <fmt/format.h>

#include <optional>

#include "damla/data/csv.hpp"
#include "report/lesson.hpp"
#include "worlds/songs.hpp"

namespace damla {

struct Data {
  worlds::Songs songs;                     ///< to learn from
  worlds::Songs fresh;                     ///< to measure with
  std::optional<worlds::SongWorld> world;  ///< the truth; about songs from a file nobody knows it
};

/// Songs from a CSV file with the columns tempo, energy, genre and, where there is one,
/// danceability. They are to learn from and to measure with, too.
inline Data own_songs(const std::string& path) {
  const CsvTable table = read_csv(path);
  worlds::Songs songs{
      table.numbers({"tempo", "energy"}), table.classes("genre", {"rap", "arabesk"}), {}};
  if (table.has("danceability")) songs.danceability = table.numbers({"danceability"});
  report::say(
      "The truth behind your songs is not known: figures are of these songs, and not "
      "asserted.\n\n",
      "Şarkılarınızın ardındaki gerçek bilinmiyor: sayılar bu şarkılar içindir, iddialar "
      "sınanmaz.\n\n");
  return {songs, songs, {}};
}

/// Writes the songs that are learned from to the file of --write-data.
inline void write_data(const report::Lesson& lesson, const Data& data) {
  worlds::write_songs(
      lesson.option("--write-data"), data.songs,
      fmt::format("Songs that do not exist, drawn by 01_rap_or_arabesk --seed {} --write-data "
                  "FILE. Tempo in beats per minute, energy from 0 to 1, danceability in points.",
                  lesson.seed));
}

}  // namespace damla
