#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "damla/core/error.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Paths are UTF-8 texts on every system; this is the one place where they become the system's own.
std::filesystem::path system_path(std::string_view path);

/// Throws Error with the path unless it names a file that can be read: no folder, no pipe.
void expect_readable(const std::string& path);

/// Takes the next bytes of a file.
using ByteSink = std::function<void(std::string_view bytes)>;

/// All bytes of a file, or one block after the other. Both throw Error with the path when it cannot
/// be read.
std::string read_file(const std::string& path);
void read_file(const std::string& path, const ByteSink& sink);

/// Writes a file as a whole: readers and killed programs see the old file or the new one, never
/// half of one, and of two writers one wins. The bytes that `write` hands to its sink go to a file
/// of a new name beside it, which is synced to the disk and renamed. Where the path is a symbolic
/// link, the file behind it is replaced; a file keeps its mode. Throws Error with the path and the
/// cause; then, as when `write` throws, the old file is as it was. A killed program may leave the
/// new one, path.….tmp, behind.
void write_file_whole(const std::string& path, const std::function<void(const ByteSink&)>& write);
void write_file_whole(const std::string& path, std::string_view bytes);

}}  // namespace damla::DAMLA_ABI
