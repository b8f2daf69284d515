// What docs/GRADING.md shows as examples is what the program does.
#include "base/file.h"
#include "base/text.h"
#include "benchmarks/math/answer.h"
#include "benchmarks/math/extraction.h"
#include "support/catch.h"
#include "support/test_data.h"

using namespace quorum;

namespace {

// The cells of the rows below `header`, all tables of this header one after another.
std::vector<std::vector<std::string>> rows_below(const std::string& header) {
  std::vector<std::vector<std::string>> rows;
  bool inside = false;
  for (const std::string& line : split(read_file(testing::source_path("docs/GRADING.md")), '\n')) {
    if (line == header) {
      inside = true;
    } else if (line.rfind("| ", 0) != 0 && line.rfind("|--", 0) != 0) {
      inside = false;
    } else if (inside && line[1] == ' ') {
      std::vector<std::string> cells;
      for (const std::string& cell : split(line, '|')) cells.emplace_back(trim(cell));
      rows.emplace_back(cells.begin() + 1, cells.end() - 1);
    }
  }
  return rows;
}

// What stands in a cell's code marks, with its line breaks.
std::string code(const std::string& cell) {
  if (cell.size() < 2 || cell.front() != '`' || cell.back() != '`') return {};
  return replace_all(cell.substr(1, cell.size() - 2), "⏎", "\n");
}

}  // namespace

TEST_CASE("Every comparison in the grading document has the verdict that it shows") {
  const auto rows = rows_below("| rule | gold | answer | verdict |");
  CHECK(rows.size() >= 90);
  for (const auto& row : rows) {
    REQUIRE(row.size() == 4);
    INFO(row[0] << ": " << row[1] << " | " << row[2]);
    REQUIRE((row[3] == "equal" || row[3] == "not equal"));
    const std::string gold = code(row[1]), answer = code(row[2]);
    CHECK(!gold.empty());
    CHECK(equivalent(gold, answer, GraderKind::kMath).equal == (row[3] == "equal"));
    CHECK(equivalent(answer, gold, GraderKind::kMath).equal == (row[3] == "equal"));
  }
}

TEST_CASE("Every output in the grading document has the answer that it shows") {
  const auto rows = rows_below("| output | answer | reason |");
  CHECK(rows.size() >= 25);
  for (const auto& row : rows) {
    REQUIRE(row.size() == 3);
    INFO(row[0]);
    const Extraction found = extract_answer({code(row[0]), false, false});
    CHECK(found.answer.has_value() == (row[1] != "none"));
    if (row[1] != "none") CHECK(found.answer == code(row[1]));
    CHECK(found.reason == code(row[2]));
  }
}
