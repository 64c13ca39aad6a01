// Any bytes as a table.
#include "damla/data/csv.hpp"

#include "fuzz.hpp"

using namespace damla;

std::vector<std::string> seeds() {
  return {"# songs\ntempo,energy,genre\n90.5,\"0,8\",rap\n85,0.5,arabesk\n",
          "\xEF\xBB\xBF"
          "ad;not\r\n\"Ayşe \"\"A.\"\"\";3,5\r\n",
          "a\tb\n1\t-2e3\n"};
}

void check(std::string_view bytes) {
  const std::string path = memory_file(bytes);
  may_refuse([&] {
    const CsvTable table = read_csv(path);
    must(table.lines.size() == table.cells.size());
    for (const auto& row : table.cells) must(row.size() == table.columns.size());
    const std::string& column = table.columns.at(0);
    may_refuse([&] { must(table.numbers({column}).allFinite()); });
    may_refuse([&] { table.classes(column, {"rap", "arabesk"}); });
  });
}
