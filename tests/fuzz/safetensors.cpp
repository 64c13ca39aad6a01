// Any bytes as a file of weights.
#include "damla/train/safetensors.hpp"

#include "framed.hpp"
#include "fuzz.hpp"

using namespace damla;

std::vector<std::string> seeds() {
  const Matrix m = Matrix::Ones(2, 3), row = Matrix::Zero(1, 2);
  const std::string file = written([&](const std::string& path) {
    write_tensors(path, {{"a.weight", m}, {"ğ", row}}, {{"key", "value"}});
  });
  return {file, unframed(file),
          "{\"i\":{\"dtype\":\"I64\",\"shape\":[1,1,1],\"data_offsets\":[0,8]},"
          "\"d\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[8,16]}}\n0123456789abcdef"};
}

void check(std::string_view bytes) {
  const std::string path = memory_file(framed(bytes));
  may_refuse([&] {
    Index numbers = 0;
    for (const auto& [name, m] : read_tensors(path).tensors) numbers += m.size();
    must(numbers * 4 <= static_cast<Index>(bytes.size()));
  });
}
