#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "damla/core/error.hpp"

// What all targets of libFuzzer share: each defines these two, and ./go fuzz builds and runs it.

/// Inputs to begin with, as the target itself makes them.
std::vector<std::string> seeds();
/// Does with the bytes what the target is for; aborts when a promise does not hold.
void check(std::string_view bytes);

inline void must(bool holds) {
  if (!holds) std::abort();
}

/// A file in memory with these bytes: its path, for readers. The next one takes its place.
inline std::string memory_file(std::string_view bytes) {
  static const int file = memfd_create("fuzz", 0);
  must(ftruncate(file, 0) == 0);
  must(pwrite(file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  return "/proc/self/fd/" + std::to_string(file);
}

/// Reads somebody's file, which may be refused, but in one way only.
template <class Read>
void may_refuse(Read read) {
  try {
    read();
  } catch (const damla::Error& e) {
    must(std::string_view(e.what()).size() < 2000);  // one sentence, whatever the file holds
  }
}

/// What a writer puts into a file.
template <class Write>
std::string written(Write write) {
  const std::string path = "/dev/shm/damla_fuzz_" + std::to_string(getpid());
  write(path);
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::filesystem::remove(path);
  return bytes;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check({reinterpret_cast<const char*>(data), size});
  return 0;
}

/// Puts the seeds into the corpus, the folder that is the last argument.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  const std::filesystem::path corpus = (*argv)[*argc - 1];
  if (*argc < 2 || !std::filesystem::is_directory(corpus)) return 0;
  int number = 0;
  for (const std::string& seed : seeds())
    std::ofstream(corpus / ("seed_" + std::to_string(number++)), std::ios::binary) << seed;
  return 0;
}
