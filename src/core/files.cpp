#include "damla/core/files.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <random>
#include <system_error>

#ifdef _WIN32
#include <io.h>
#else
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace damla { inline namespace DAMLA_ABI {

namespace fs = std::filesystem;

namespace {
[[noreturn]] void fail(const std::string& path, std::string_view what, int cause) {
  const std::string why = cause == ENOENT ? "its folder does not exist"
                          : cause == 0    ? "for no reason that the system gives"
                                          : std::generic_category().message(cause);
  throw Error(fmt::format("{}: {}: {}", path, what, why));
}

constexpr std::string_view unwritten = "cannot be written";

void close(std::FILE* file) { std::fclose(file); }
using File = std::unique_ptr<std::FILE, decltype(&close)>;

/// How all systems spell "for writing, bytes, and only if there is no such file".
File open(const fs::path& path, const char* mode) {
  errno = 0;
#ifdef _WIN32
  return {_wfopen(path.c_str(), std::wstring(mode, mode + std::strlen(mode)).c_str()), close};
#else
  return {std::fopen(path.c_str(), mode), close};
#endif
}

/// Brings what was written to the disk; whether that went well.
bool sync(std::FILE* file) {
  if (std::fflush(file) != 0) return false;
#ifdef _WIN32
  return _commit(_fileno(file)) == 0;
#else
  return fsync(fileno(file)) == 0;
#endif
}

/// So that the new name, too, outlives a power cut. Not every file system can.
void sync_folder([[maybe_unused]] const fs::path& folder) {
#ifndef _WIN32
  const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY);
  if (descriptor < 0) return;
  fsync(descriptor);
  ::close(descriptor);
#endif
}

/// The file behind symbolic links, which need not exist.
fs::path behind_links(const std::string& path) {
  fs::path target = system_path(path);
  std::error_code none;
  for (int links = 0; fs::is_symlink(target, none); ++links) {
    if (links == 40) fail(path, unwritten, ELOOP);
    target = target.parent_path() / fs::read_symlink(target, none);
  }
  return target;
}

/// Throws unless the file, behind all links, may be replaced; one that is not there may.
void expect_replaceable(const std::string& path) {
  const fs::path target = system_path(path);
  std::error_code none;
  const fs::file_status status = fs::status(target, none);
  if (!fs::exists(status)) return;
  if (fs::is_directory(status)) fail(path, unwritten, EISDIR);
  if (!fs::is_regular_file(status))
    throw Error(fmt::format("{}: {}: it is no ordinary file", path, unwritten));
#ifndef _WIN32
  if (access(target.c_str(), W_OK) != 0) fail(path, unwritten, errno);
#endif
}

/// Gives the new file the mode and, where that is allowed, the owner of the old one.
void keep_mode([[maybe_unused]] std::FILE* file, [[maybe_unused]] const fs::path& target) {
#ifndef _WIN32
  struct stat old;
  if (stat(target.c_str(), &old) != 0) return;
  if (fchown(fileno(file), old.st_uid, old.st_gid) != 0) {
  }  // only root may give files away
  fchmod(fileno(file), old.st_mode & 0777);
#endif
}
}  // namespace

fs::path system_path(std::string_view path) {
  return fs::path(std::u8string(path.begin(), path.end()));
}

void expect_readable(const std::string& path) {
  std::error_code code;
  const fs::file_status status = fs::status(system_path(path), code);
  if (status.type() == fs::file_type::not_found)
    throw Error(path + ": cannot be read: it does not exist");
  if (!fs::status_known(status)) fail(path, "cannot be read", code.value());
  if (fs::is_directory(status)) throw Error(path + ": cannot be read: it is a folder");
  if (!fs::is_regular_file(status))
    throw Error(path + ": cannot be read: it is no ordinary file but a pipe or a device");
  if (!open(system_path(path), "rb")) fail(path, "cannot be read", errno);
}

std::string read_file(const std::string& path) {
  std::string bytes;
  read_file(path, [&](std::string_view block) { bytes += block; });
  return bytes;
}

void read_file(const std::string& path, const ByteSink& sink) {
  expect_readable(path);
  const File file = open(system_path(path), "rb");
  char block[1 << 16];
  while (const std::size_t n = file ? std::fread(block, 1, sizeof block, file.get()) : 0)
    sink({block, n});
  if (!file || std::ferror(file.get())) fail(path, "cannot be read", errno);
}

void write_file_whole(const std::string& path, const std::function<void(const ByteSink&)>& write) {
  expect_replaceable(path);
  const fs::path target = behind_links(path);
  fs::path temporary;
  File file(nullptr, close);
  do {  // until the name is new: nobody else's file, or link, is ever opened
    temporary = target;
    temporary += fmt::format(".{:08x}.tmp", std::random_device{}());
    file = open(temporary, "wbx");
  } while (!file && errno == EEXIST);
  if (!file) fail(path, unwritten, errno);
  keep_mode(file.get(), target);  // before a byte of a private file is in it
  try {
    write([&](std::string_view bytes) {
      errno = 0;
      if (std::fwrite(bytes.data(), 1, bytes.size(), file.get()) != bytes.size())
        fail(path, unwritten, errno);
    });
    errno = 0;
    if (!sync(file.get()) || std::fclose(file.release()) != 0) fail(path, unwritten, errno);
    std::error_code code;
    fs::rename(temporary, target, code);
    if (code) fail(path, unwritten, code.default_error_condition().value());
  } catch (...) {
    file.reset();
    std::error_code none;
    fs::remove(temporary, none);
    throw;
  }
  sync_folder(target.parent_path());
}

void write_file_whole(const std::string& path, std::string_view bytes) {
  write_file_whole(path, [&](const ByteSink& sink) { sink(bytes); });
}

}}  // namespace damla::DAMLA_ABI
