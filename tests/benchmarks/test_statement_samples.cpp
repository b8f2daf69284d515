#include "benchmarks/livecodebench/statement_samples.h"

#include "support/catch.h"

namespace quorum::code {
namespace {

const StarterCode kStarter = parse_starter_code(
    "class Solution:\n    def pick(self, words: List[str], k: int = 1) -> float:\n        ");

std::vector<TestCase> examples(const std::string& body) {
  return function_examples("Pick some.\n \nExample 1:\n\n" + body, kStarter);
}

const TestCase* before(const std::vector<TestCase>& shown, const TestCase& recorded) {
  return example_before_change(shown, recorded);
}

}  // namespace

TEST_CASE("A starter code names its function, parameters and result") {
  CHECK(kStarter.function == "pick");
  CHECK(kStarter.parameters == std::vector<std::string>{"words", "k"});
  CHECK(kStarter.result == "float");
  const StarterCode nested =
      parse_starter_code("def f(grid: Dict[str, List[int]], b) -> List[List[int]]:");
  CHECK(nested.parameters == std::vector<std::string>{"grid", "b"});
  CHECK(nested.result == "List[List[int]]");
  CHECK(parse_starter_code("def f(a").function == "f");
  CHECK(parse_starter_code("def f(a").parameters.empty());
  CHECK(parse_starter_code("def f").function == "f");
  CHECK(parse_starter_code("x = 1").function.empty());
}

TEST_CASE("Examples of a statement become tests in the order of the parameters") {
  const auto two = examples(
      "Input: words = [\"a, k = 2\",\"[\\\"\"], k = 3\nOutput: 2.5\nExplanation: so.\n\n"
      "Example 2:\n\n1\n2\n\nInput: words = [\n\"x\" ],  k = -1\nOutput:\n1.50000\n\nConstraints");
  REQUIRE(two.size() == 2);
  CHECK(two[0].input == "[\"a, k = 2\",\"[\\\"\"]\n3");
  CHECK(two[0].output == "2.5");
  CHECK(two[1].input == "[ \"x\" ]\n-1");
  CHECK(two[1].output == "1.50000");
}

TEST_CASE("Examples that cannot be read, or show rounded results, are no tests") {
  CHECK(examples("Input: words = [], k = 3\nOutput: 1.16667\n").empty());
  CHECK(examples("Input: words = []\nOutput: 1\n").empty());
  CHECK(examples("Input: k = 3, words = []\nOutput: 1\n").empty());
  CHECK(examples("Input: words = [], k = 3, m = 4\nOutput: 1\n").empty());
  CHECK(examples("Input: words = [a], k = 3\nOutput: 1\n").empty());
  CHECK(examples("Input: words = [], k = 3\nOutput: one\n").empty());
  CHECK(examples("Input: words = [], k = 3\n").empty());
  CHECK(examples("Input: words = [\"").empty());
  CHECK(function_examples("", kStarter).empty());
}

TEST_CASE("Samples lose what the web page did to them, and nothing else") {
  const auto mended = [](const std::string& input, const std::string& output,
                         const std::string& statement) {
    return without_page_marks({input, output}, 2, statement);
  };
  CHECK(mended("2\r\n1 2\n", "3", "").input == "2\n1 2\n");
  CHECK(mended("2\n\nab\n\ncd\n", "3", "").input == "2\nab\ncd\n");
  // Blank lines that do not follow every line belong to the input.
  CHECK(mended("2\n\nab\ncd\n", "3", "").input == "2\n\nab\ncd\n");
  CHECK(mended("\nab\n\n", "3", "").input == "\nab\n\n");
  CHECK(mended("ab\n", "3", "").input == "ab\n");

  const std::string sentence = "There may be nothing to print.\n";
  CHECK(mended("1", sentence, "Sample Output 2\n\n\r\n\n" + sentence).output.empty());
  CHECK(mended("1", sentence, "Sample Output 2\n\n" + sentence).output == sentence);
  CHECK(mended("1", sentence, "Sample Output 1\n\n\n\n" + sentence).output == sentence);
  CHECK(mended("1", sentence, "Sample Output 22\n\n\n\n" + sentence).output == sentence);
  CHECK(mended("1", "8\n", "Sample Output 2\n\n\n\n8\n").output == "8\n");
  CHECK(mended("1", "#..\n.#.", "Sample Output 2\n\n\n\n#..\n.#.").output == "#..\n.#.");
}

TEST_CASE("A test recorded after a function changed its arguments is found as an example") {
  const std::vector<TestCase> shown = {{"[3,1,2]\n4", "true"}, {"[2,1]\n4", "false"}};
  const auto first = &shown[0], second = &shown[1];
  CHECK(before(shown, {"[1, 2, 3]\n4", "true"}) == first);
  CHECK(before(shown, {"[1, 2]\n4", "false"}) == second);
  CHECK(before(shown, {"[]\n4", "true"}) == first);
  CHECK(before(shown, {"[Infinity, 0, 0]\n4", "true"}) == first);
  CHECK(before(shown, {"[1, 2, 3]\n4", "false"}) == nullptr);  // another result
  CHECK(before(shown, {"[1, 2, 3]\n5", "true"}) == nullptr);   // numbers do not change in place
  CHECK(before(shown, {"[1, 2]\n4", "true"}) == nullptr);      // neither its length nor emptied
  CHECK(before(shown, {"[1, 2, 3]", "true"}) == nullptr);
  CHECK(before(shown, {"\"abc\"\n4", "true"}) == nullptr);
  CHECK(before(shown, {"[3, 1, 2]\n4", "true"}) == nullptr);  // it is the example
  // As is another one with the same result.
  CHECK(before({{"[3,1]", "4"}, {"[1,3]", "4"}}, {"[1, 3]", "4"}) == nullptr);
}

}  // namespace quorum::code
