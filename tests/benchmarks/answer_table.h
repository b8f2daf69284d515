// Tables of the rules of comparison: a line a pair, T for equal, F for not, gold ~ answer.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "benchmarks/math/answer.h"
#include "benchmarks/math/exact_decider.h"
#include "support/catch.h"
#include "support/test_data.h"

namespace quorum::testing {

// Checks every line in both directions, and that what is not equal is never one class.
inline void check_answer_table(const std::string& table) {
  set_exact_decider_program(program_path().string());
  std::istringstream lines(table);
  int pairs = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    const std::size_t middle = line.find(" ~");
    REQUIRE(middle != std::string::npos);
    const bool expected = line[0] == 'T';
    const std::string gold = line.substr(2, middle - 2);
    const std::string answer = middle + 3 <= line.size() ? line.substr(middle + 3) : "";
    const auto forward = equivalent(gold, answer, GraderKind::kMath),
               backward = equivalent(answer, gold, GraderKind::kMath);
    INFO(line << " (" << forward.reason << ", " << backward.reason << ")");
    CHECK(forward.equal == expected);
    CHECK(backward.equal == expected);
    const std::vector<int> classes =
        answer_classes(gold, std::vector<std::string>{gold, answer}, GraderKind::kMath);
    CHECK((classes[0] != classes[1] || expected));
    ++pairs;
  }
  CHECK(pairs > 10);
}

}  // namespace quorum::testing
