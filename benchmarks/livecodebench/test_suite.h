// The tests of one problem: what a program reads, what it must print or return.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "benchmarks/livecodebench/output_comparison.h"

namespace quorum::code {

struct TestCase {
  std::string input;   // all of stdin; of a function its arguments as JSON, one a line
  std::string output;  // all of stdout; of a function the result as JSON
};

// What language the program must be in. kAny: Python or C++, as the answer's block says.
enum class SuiteLanguage { kPython, kCpp, kAny };
std::optional<SuiteLanguage> parse_suite_language(std::string_view name);  // "python", "cpp", "any"

inline constexpr int kMaxTestSeconds = 600;

struct TestSuite {
  std::string function;  // the name of the function (a method of class Solution, if the program has
                         // one) that is called; empty: the program reads stdin and prints
  OutputRule rule = OutputRule::kLcbDecimal;        // not for functions
  SuiteLanguage language = SuiteLanguage::kPython;  // of a function: Python
  int seconds = 0;                                  // limit of one test; 0: the judge's
  std::vector<TestCase> tests;
  std::string known_bad;  // why right programs may fail, or wrong ones pass; empty: nothing known
};

// Reads Query::tests_json: a list of {"input", "output"}, or an object with `inputs` and `outputs`
// (lists of equal length), and optionally `fn_name`, `compare` (an output rule), `language`,
// `seconds`, `known_bad` and `encoded` (further tests as LiveCodeBench publishes them:
// encoded_tests.h). With `fn_name` an input may also be the list of arguments and an output any
// JSON value. The errors name the field.
Result<TestSuite> parse_test_suite(std::string_view tests_json);

// The language alone: cheap where there are many tests. kPython also where they cannot be read.
SuiteLanguage language_of_tests(std::string_view tests_json);

// The hidden tests of a published file: a JSON list of {"input", "output", …}, as it is or encoded.
Result<std::vector<TestCase>> parse_published_tests(std::string_view text);

}  // namespace quorum::code
