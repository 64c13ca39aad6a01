#pragma once

#include <string>

#include "core/json.hpp"
#include "damla/models/gpt.hpp"
#include "damla/models/llama.hpp"

/// A published model's config.json: its sizes, read and written, and what damla does not compute
/// refused by name.
namespace damla { inline namespace DAMLA_ABI { namespace detail {

/// Fields of a config.json, for errors with its path.
struct Config {
  std::string path;
  nlohmann::json fields;

  /// A field, or `missing` where it is not there or null.
  template <class T>
  T get(const char* key, T missing) const;
  /// A size. Throws Error when it is missing or out of range.
  Index size(const char* key, Index least = 1) const;
  /// Throws Error when a field makes the model compute something else than damla's.
  template <class T>
  void expect(const char* key, const T& expected) const;
  /// What makes the model one of its kind: "gpt2", "llama" and so on.
  std::string type() const;
};

/// Reads a folder's config.json. Throws Error when there is none, or of an unknown kind.
Config read_config(const std::string& folder);

/// The sizes. Each throws Error with the path for a model that damla does not compute.
void read_options(GptOptions& o, const Config& config);
void read_options(LlamaOptions& o, const Config& config);

/// The fields that other programs read such sizes from.
nlohmann::json config_of(const GptOptions& o);
nlohmann::json config_of(const LlamaOptions& o);

}}}  // namespace damla::DAMLA_ABI::detail
