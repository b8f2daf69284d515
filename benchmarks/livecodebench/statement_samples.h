// The samples of LiveCodeBench's evaluation files, which hold no tests of functions and have those
// of programs as they were read off a web page; and tests that somebody else's failure recorded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/livecodebench/starter_code.h"
#include "benchmarks/livecodebench/test_suite.h"

namespace quorum::code {

// The examples of a statement that wants a function, in the order of its parameters:
//   Example 1: … Input: nums = [1,2], k = 3 … Output: 4
// Left out are those whose values are no JSON, that name other parameters, and results of type
// float that are shown rounded.
std::vector<TestCase> function_examples(std::string_view statement, const StarterCode& starter);

// Sample `number` (from 1) of a program without what the page did to it:
// - carriage returns at line ends of the input;
// - a blank line behind every line of the input (pages of Codeforces show lines as paragraphs);
// - an output that is a sentence of the explanation, where the statement shows an empty one: the
//   reader of the page took the next paragraph.
TestCase without_page_marks(TestCase sample, int number, std::string_view statement);

// The example that `recorded` is after a function changed its arguments in place: a failure was
// recorded after the call. It has the example's result and number of arguments; those that differ
// are lists, and such a list has the example's length or was emptied. Null: it is an example as it
// stands, or none.
const TestCase* example_before_change(const std::vector<TestCase>& examples,
                                      const TestCase& recorded);

}  // namespace quorum::code
