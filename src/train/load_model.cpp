#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/json.hpp"
#include "damla/core/files.hpp"
#include "damla/core/threads.hpp"
#include "damla/train/safetensors.hpp"
#include "text/text_files.hpp"
#include "train/tensor_places.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {
namespace {

constexpr const char *head = "lm_head.weight", *heads_key = "gpt.heads";
/// Names of the token embedding: GPT-2's and Llama's.
constexpr std::string_view embeddings[] = {"wte.weight", "embed_tokens.weight"};

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  throw Error(fmt::format("{}: {}", path, what));
}

/// What is known of a tensor whose numbers are not in memory.
struct Seen {
  std::string full_name;
  Index rows_, cols_;
  bool finite = true;
  std::size_t digest = 0;  // of a head or an embedding, which may be one matrix

  Index rows() const { return rows_; }
  Index cols() const { return cols_; }
  bool allFinite() const { return finite; }
  bool operator==(const Seen& other) const { return digest == other.digest; }

  void add_to_digest(const RowVector& row) {
    const std::string_view bytes(reinterpret_cast<const char*>(row.data()),
                                 static_cast<std::size_t>(row.size()) * sizeof(Scalar));
    digest = digest * 31 + std::hash<std::string_view>{}(bytes);
  }
};

bool head_or_embedding(std::string_view name) {
  return name.ends_with(head) || name.ends_with(embeddings[0]) || name.ends_with(embeddings[1]);
}
/// allFinite, but in one sweep of vectors.
bool finite(const ConstMatrixRef& numbers) { return (numbers * 0).sum() == 0; }

/// A file's tensors, in memory (Matrix) or only looked at (Seen).
template <class T>
struct Tensors {
  const std::map<std::string, T>& tensors;
  const Settings& settings;
  std::string prefix = "transformer.";
};

/// The file's tensor of that name, with or without the prefix; null when there is none.
template <class T>
const T* find(const Tensors<T>& file, const std::string& name, const std::string& path) {
  const auto plain = file.tensors.find(name), longer = file.tensors.find(file.prefix + name);
  if (plain != file.tensors.end() && longer != file.tensors.end())
    fail(path, fmt::format("has {} twice, once with {} before it", shown(name), file.prefix));
  if (plain != file.tensors.end()) return &plain->second;
  return longer != file.tensors.end() ? &longer->second : nullptr;
}

/// The same; else the tensor under whose name the file keeps it: PyTorch's safetensors writes a
/// shared tensor once, and in the metadata its other name with that one.
template <class T>
const T* find_shared(const Tensors<T>& file, const std::string& name, const std::string& path) {
  if (const T* found = find(file, name, path)) return found;
  for (const std::string& key : {name, file.prefix + name})
    if (const auto other = file.settings.find(key); other != file.settings.end())
      if (const auto found = file.tensors.find(other->second); found != file.tensors.end())
        return &found->second;
  return nullptr;
}

void expect_finite(bool finite, const std::string& name, const std::string& path) {
  if (!finite)
    fail(path, fmt::format("has numbers in {} that are not finite (did training diverge?)", name));
}

template <class T>
const T& expected(const WantedTensor& wanted, const Tensors<T>& file, const std::string& path) {
  const T* m = find_shared(file, wanted.name, path);
  if (m == nullptr)
    fail(path, fmt::format("has no tensor {} of numbers with 16, 32 or 64 bits: was it saved "
                           "from another model, or in eight bits?",
                           wanted.name));
  const Index rows = wanted.transposed ? wanted.cols : wanted.rows,
              cols = wanted.transposed ? wanted.rows : wanted.cols;
  if (m->rows() != rows || m->cols() != cols)
    fail(path, fmt::format("has {} as {}, but the model needs {}: build the model with the sizes "
                           "it was saved with",
                           wanted.name, shape_text(m->rows(), m->cols()), shape_text(rows, cols)));
  expect_finite(m->allFinite(), wanted.name, path);
  return *m;
}

template <class T>
std::vector<const T*> all_expected(const std::vector<WantedTensor>& wanted, const Tensors<T>& file,
                                   const std::string& path) {
  const auto is_wanted = [&](std::string_view name) {
    return std::any_of(wanted.begin(), wanted.end(), [&](const auto& w) { return w.name == name; });
  };
  std::string embedding;
  for (const std::string_view name : embeddings)
    if (is_wanted(name)) embedding = name;
  const bool tied = !embedding.empty() && !is_wanted(head);
  const bool under_head =
      tied && find_shared(file, embedding, path) == nullptr && find(file, head, path) != nullptr;
  std::vector<const T*> found;
  for (WantedTensor w : wanted) {
    if (under_head && w.name == embedding) w.name = head;
    found.push_back(&expected(w, file, path));
  }
  for (const auto& [full_name, values] : file.tensors) {
    const std::string name =
        full_name.starts_with(file.prefix) ? full_name.substr(file.prefix.size()) : full_name;
    const bool beside = name.starts_with("adamw.") || name.starts_with("grad.");
    if (beside || !(name.ends_with(".weight") || name.ends_with(".bias")) || is_wanted(name))
      continue;
    if (tied && name == head) {
      const T* m = find(file, embedding, path);
      const bool same_shape =
          m != nullptr && m->rows() == values.rows() && m->cols() == values.cols();
      if (m == nullptr || (same_shape && *m == values)) continue;
    }
    fail(path, fmt::format("has {}, for which the model has no place: build the model with the "
                           "sizes it was saved with",
                           shown(full_name)));
  }
  return found;
}

/// About 130,000 numbers, in units of 32 rows.
Index rows_of_a_part(const TensorPlace& place) {
  return std::max((Index{1} << 17) / std::max<Index>(place.cols, 1) / 32, Index{1}) * 32;
}

/// The rows of a tensor become those of a place.
TakeRow as_rows(View place) {
  return [place, r = Index{0}](const RowVector& row) mutable {
    std::copy_n(row.data(), row.size(), place.row(r++));
  };
}

/// They become its columns, sixteen at a time: one by one, each number would ask for a line of
/// memory of its own.
TakeRow as_columns(View place) {
  constexpr Index most = 16;
  return [place, r = Index{0}, rows = Matrix()](const RowVector& row) mutable {
    if (r == 0) rows.resize(most, place.rows);
    rows.row(r++ % most) = row;
    const Index n = (r - 1) % most + 1;
    if (n < most && r < place.cols) return;
    for (Index i = 0; i < place.rows; ++i)
      for (Index j = 0; j < n; ++j) place.row(i)[r - n + j] = rows(j, i);
    if (r == place.cols) rows.resize(0, 0);
  };
}

/// read_rows of one file after the other.
Settings read_all(const std::vector<std::string>& files, const TakeTensor& take) {
  Settings settings;
  for (const std::string& file : files) settings.merge(read_rows(file, take));
  return settings;
}

}  // namespace

std::vector<std::string> weight_files(const std::string& path) {
  if (!path.ends_with(".json")) return {path};
  const nlohmann::json index = load_json("load_model", path, "");
  const auto map = index.is_object() ? index.find("weight_map") : index.end();
  if (map == index.end() || !map->is_object() || map->empty())
    fail(path, "has no weight_map, which tells the file of each tensor");
  std::set<std::string> names;
  for (const auto& [tensor, file] : map->items()) {
    const std::string name = file.is_string() ? file.get<std::string>() : "";
    if (name.empty() || name.find_first_of("/\\") != std::string::npos)
      fail(path, fmt::format("keeps {} in {}, which is no file beside it", shown(tensor),
                             shown(file.dump())));
    names.insert(name);
  }
  const std::string folder = path.substr(0, path.find_last_of('/') + 1);
  std::vector<std::string> files;
  for (const std::string& name : names) {
    std::error_code failure;
    if (!std::filesystem::is_regular_file(system_path(folder + name), failure))
      fail(path, fmt::format("names {}, which is missing", shown(name)));
    files.push_back(folder + name);
  }
  return files;
}

const Matrix& tensor_for(const WantedTensor& wanted, const TensorFile& file,
                         const std::string& path) {
  return expected(wanted, Tensors<Matrix>{file.tensors, file.settings}, path);
}

std::vector<const Matrix*> tensors_for(const std::vector<WantedTensor>& wanted,
                                       const TensorFile& file, const std::string& path) {
  return all_expected(wanted, Tensors<Matrix>{file.tensors, file.settings}, path);
}

Settings read_into(const std::vector<View>& places, const std::vector<WantedTensor>& wanted,
                   Index heads, const std::string& path, std::string_view prefix) {
  // The first reading only looks, since all that can throw comes before anything is changed.
  const std::vector<std::string> files = weight_files(path);
  std::map<std::string, Seen> tensors;
  const Settings settings = read_all(files, [&](const std::string& name, Index rows, Index cols) {
    const auto [at, first] = tensors.emplace(name, Seen{name, rows, cols});
    if (!first) fail(path, fmt::format("names two files that both have {}", shown(name)));
    Seen& seen = at->second;
    const bool may_be_tied = head_or_embedding(name);
    return [&seen, may_be_tied](const RowVector& row) {
      seen.finite = seen.finite && finite(row);
      if (may_be_tied) seen.add_to_digest(row);
    };
  });
  const auto found =
      all_expected(wanted, Tensors<Seen>{tensors, settings, std::string(prefix)}, path);
  expect_heads(settings, heads, path);

  std::map<std::string_view, std::vector<TakeRow>> takers_of;  // of one tensor there may be two
  for (std::size_t i = 0; i < places.size(); ++i)
    takers_of[found[i]->full_name].push_back(wanted[i].transposed ? as_columns(places[i])
                                                                  : as_rows(places[i]));
  read_all(files, [&](const std::string& name, Index, Index) -> TakeRow {
    const auto to = takers_of.find(name);
    if (to == takers_of.end()) return {};
    return [&takers = to->second](const RowVector& row) {
      for (const TakeRow& take : takers) take(row);
    };
  });
  return settings;
}

void read_in_parts(const std::vector<WantedTensor>& wanted, const std::string& path,
                   std::string_view prefix, const TakePart& take) {
  Settings settings;
  std::vector<TensorPlace> places;
  for (const std::string& file : weight_files(path))
    for (TensorPlace& place : find_tensors(file, settings)) places.push_back(std::move(place));
  std::map<std::string, Seen> tensors;
  std::map<std::string, const TensorPlace*> place_of;
  // A head beside the embedding that it is said to be has to be the same.
  const bool two_of_them = std::count_if(places.begin(), places.end(), [](const TensorPlace& p) {
                             return head_or_embedding(p.name);
                           }) > 1;
  for (const TensorPlace& p : places) {
    const auto [at, first] = tensors.emplace(p.name, Seen{p.name, p.rows, p.cols});
    if (!first) fail(path, fmt::format("names two files that both have {}", shown(p.name)));
    place_of[p.name] = &p;
    if (!two_of_them || !head_or_embedding(p.name)) continue;
    for (Index r = 0; r < p.rows; r += rows_of_a_part(p)) {
      Matrix rows(std::min(rows_of_a_part(p), p.rows - r), p.cols);
      read_part(p, r, rows);
      for (Index n = 0; n < rows.rows(); ++n) at->second.add_to_digest(rows.row(n));
    }
  }
  const auto found =
      all_expected(wanted, Tensors<Seen>{tensors, settings, std::string(prefix)}, path);

  struct Part {
    std::size_t i;
    const TensorPlace* place;
    Index first, rows;
  };
  std::vector<Part> parts;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const TensorPlace& p = *place_of.at(found[i]->full_name);
    for (Index first = 0; first < p.rows; first += rows_of_a_part(p))
      parts.push_back({i, &p, first, std::min(rows_of_a_part(p), p.rows - first)});
  }
  damla::parallel_for(std::ssize(parts), [&](Index n) {
    const Part& part = parts[static_cast<std::size_t>(n)];
    thread_local Matrix rows;
    rows.resize(part.rows, part.place->cols);
    read_part(*part.place, part.first, rows);
    if (!finite(rows)) expect_finite(false, wanted[part.i].name, path);
    take(part.i, part.first, rows);
  });
}

void add_heads(Settings& settings, Index heads) {
  if (heads > 0) settings.emplace(heads_key, std::to_string(heads));
}

void expect_heads(const Settings& settings, Index heads, const std::string& path) {
  const auto found = settings.find(heads_key);
  if (heads > 0 && found != settings.end() && found->second != std::to_string(heads))
    fail(path, fmt::format("was saved from a model with {} heads, but this one has {}",
                           shown(found->second), heads));
}
}}}  // namespace damla::DAMLA_ABI::detail
