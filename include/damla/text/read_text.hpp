#pragma once

#include <string>

#include "damla/core/files.hpp"
#include "damla/core/scalar.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The whole of a UTF-8 text file, without a byte order mark at the front; the line ends of Windows
/// become \n, so that no tokenizer learns them. Throws Error with the path when it cannot be read,
/// and with the line when it is not UTF-8 (old Turkish files often are Windows-1254, and some
/// programs write UTF-16).
std::string read_text(const std::string& path);

/// The same for a file that is larger than memory: `sink` takes one block of the text after the
/// other.
void read_text(const std::string& path, const ByteSink& sink);

}}  // namespace damla::DAMLA_ABI
