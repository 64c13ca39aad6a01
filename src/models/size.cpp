#include "damla/models/size.hpp"

#include <fmt/format.h>

namespace damla { inline namespace DAMLA_ABI {

GptOptions named_size(std::string_view name) {
  if (name == "nano") return {.context = 64, .channels = 48, .heads = 3, .layers = 3};
  if (name == "tiny") return {.context = 128, .channels = 128, .heads = 4, .layers = 4};
  if (name == "small") return {.context = 256, .channels = 384, .heads = 6, .layers = 6};
  throw Error(fmt::format("named_size: \"{}\" is none of nano, tiny, small", name));
}

}}  // namespace damla::DAMLA_ABI
