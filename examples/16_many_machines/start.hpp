#pragma once

// How lesson 16 starts itself, with mpirun, as many processes.

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>

#include "rank.hpp"
#include "report/lesson.hpp"

namespace damla::report {
using namespace worlds;

#ifdef DAMLA_MPIRUN
inline const std::string mpirun = DAMLA_MPIRUN;
#else
inline const std::string mpirun{};
#endif

inline std::string content(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The bytes that each rank has sent, as Open MPI's own counter wrote them beside the report: a
/// file for each, a line for each other rank that it sent to. None where there is no such counter.
inline std::optional<double> bytes_sent(const Lesson& lesson, Index ranks) {
  static const std::regex line(R"([EI]\t\d+\t\d+\t(\d+) bytes)");
  double sum = 0;
  for (Index r = 0; r < ranks; ++r) {
    const std::string text = content(lesson.file(fmt::format("sent.{}.prof", r)));
    if (text.empty()) return {};
    for (auto at = std::sregex_iterator(text.begin(), text.end(), line);
         at != std::sregex_iterator(); ++at)
      sum += std::stod((*at)[1]);
  }
  return sum / static_cast<double>(ranks);
}

struct Run {
  Trained trained;
  std::optional<double> sent;  // bytes of a rank, in the whole run
};

/// Runs the task on so many ranks of this machine, each of them on one thread. Open MPI wants to be
/// told that ranks may be more than processors and take turns; and that it may be in a container,
/// where no process reads another's memory.
inline Run run_on(const Lesson& lesson, const std::string& program, Index ranks, Task task) {
  const std::string file = lesson.file("task.json"), log = lesson.file("ranks.log");
  task.out = lesson.file("trained.json");
  for (Index r = 0; r < ranks; ++r)
    std::filesystem::remove(lesson.file(fmt::format("sent.{}.prof", r)));
  write_file_whole(file, nlohmann::json(task).dump());
  const std::string command = fmt::format(
      "DAMLA_THREADS=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 "
      "OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none "
      "OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_btl_vader_single_copy_mechanism=none "
      "OMPI_MCA_pml_monitoring_enable=2 "
      "OMPI_MCA_pml_monitoring_enable_output=3 OMPI_MCA_pml_monitoring_filename=\"{}\" "
      "\"{}\" -n {} \"{}\" --as-rank \"{}\" > \"{}\" 2>&1",
      lesson.file("sent"), mpirun, ranks, program, file, log);
  if (std::system(command.c_str()) != 0)
    throw Error(fmt::format("{} ranks did not end well:\n{}\n{}", ranks, command, content(log)));
  return {nlohmann::json::parse(content(task.out)).get<Trained>(), bytes_sent(lesson, ranks)};
}

}  // namespace damla::report
