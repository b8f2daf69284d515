#include <fstream>
#include <nlohmann/json.hpp>

#include "benchmarks/math/extraction.h"
#include "support/catch.h"
#include "support/test_data.h"

namespace quorum {
namespace {

std::string repeat(std::string_view piece, std::size_t bytes) {
  std::string out;
  out.reserve(bytes + piece.size());
  while (out.size() < bytes) out += piece;
  return out;
}

// The answer to a completion that ended by itself; "∅" for none.
std::string answer_to(std::string_view text) {
  return extract_answer({text, false, false}).answer.value_or("∅");
}
std::string answer_to_cut(std::string_view text) {
  return extract_answer({text, false, true}).answer.value_or("∅");
}
std::string answer_behind_prefix(std::string_view text) {
  return extract_answer({text, true, false}).answer.value_or("∅");
}

}  // namespace

TEST_CASE("Every decided row of the extraction examples gives its answer exactly") {
  const auto path = testing::shared_data("answer_pairs/math_extract.jsonl");
  if (!path) return;
  std::ifstream file(*path);
  int rows = 0;
  for (std::string line; std::getline(file, line);) {
    const auto row = nlohmann::json::parse(line);
    if (row["policy"].get<bool>()) continue;
    const std::string text = row["text"];
    const Extraction extraction = extract_answer({text, false, false});
    INFO(row["id"].get<std::string>());
    const std::string expected =
        row["expected"].is_null() ? "∅" : row["expected"].get<std::string>();
    CHECK(extraction.answer.value_or("∅") == expected);
    ++rows;
  }
  CHECK(rows >= 30);
}

TEST_CASE("Rows whose reading is a policy follow the written rules") {
  CHECK(answer_to("<think>I think \\boxed{5}. Let me check again, the sum of") == "∅");
  CHECK(answer_to("<think>so \\boxed{3}</think>\nThe final answer is 4.") == "4");
  CHECK(answer_to("<think>so \\boxed{3}</think>\nDone.") == "3");
  CHECK(answer_to("Intermediate: \\boxed{2}, final answer: 3") == "3");
  CHECK(answer_to("Answer:\n│ 42 │") == "42");
  CHECK(answer_to("The word boxed appears here but no command. The answer is 9.") == "9");
  CHECK(answer_to("It is \\boxed{28}\\%.") == "28%");
}

TEST_CASE("A thought that never closes has no answer and shows what a lenient reading takes") {
  const Extraction tagged = extract_answer({"<think>so \\boxed{5}. But wait", false, false});
  CHECK(!tagged.answer);
  CHECK(tagged.reason == "unfinished_thought_with_box");
  CHECK(tagged.lenient == "5");
  CHECK(extract_answer({"I add 2 and", true, true}).reason == "unfinished_thought");
  CHECK(answer_behind_prefix("so \\boxed{5}. Done. The answer is 5.") == "∅");
  CHECK(answer_to("<thinking>hm \\boxed{5}") == "∅");
  CHECK(answer_to("<|begin_of_thought|>hm \\boxed{5}") == "∅");
}

TEST_CASE("The thought is cut at its last closing tag of any kind") {
  CHECK(answer_behind_prefix("so \\boxed{5}</think>It is \\boxed{6}.") == "6");
  CHECK(answer_to("a</think>\\boxed{1}</think>\\boxed{2}") == "2");
  CHECK(answer_to("<thinking>\\boxed{1}</thinking>\\boxed{2}") == "2");
  CHECK(answer_to("<|begin_of_thought|>\\boxed{1}<|end_of_thought|>\\boxed{2}") == "2");
  CHECK(answer_to("\\boxed{1}</think>\\boxed{2}") == "2");
  CHECK(answer_to("<think>a</think>\\boxed{1}<think>\\boxed{2}") == "1");
  CHECK(answer_to("<think>a</think>well<think>\\boxed{2}") == "∅");
}

TEST_CASE("A closed thought lends its last box when nothing follows it") {
  const Extraction extraction =
      extract_answer({"\\boxed{1} or \\boxed{3}</think>\nDone.", true, false});
  CHECK(extraction.from_think);
  CHECK(extraction.level == WarningLevel::kWarning);
  CHECK(extraction.reason == "from_think");
  CHECK(extraction.answer == "1,3");
  CHECK(!extract_answer({"\\boxed{1}</think>\\boxed{1}", true, false}).from_think);
  CHECK(answer_behind_prefix("the answer is 7</think>\nDone.") == "∅");
}

TEST_CASE("Of several boxes the last complete one that is not empty wins") {
  CHECK(answer_to("\\boxed{1} then \\boxed{2} then \\boxed{}") == "2");
  CHECK(answer_to("\\boxed{1} then \\boxed{...}") == "1");
  CHECK(answer_to("\\boxed{\\text{your answer}} \\boxed{9} is it, in \\boxed{ANSWER}") == "9");
  CHECK(answer_to("\\boxed{ }") == "∅");
  CHECK(extract_answer({"\\boxed{ }", false, false}).reason == "empty_box");
}

TEST_CASE("All ways of writing a box are read") {
  CHECK(answer_to("\\boxed{7}") == "7");
  CHECK(answer_to("\\fbox{7}") == "7");
  CHECK(answer_to("\\beginboxed{7}") == "7");
  CHECK(answer_to("\\\\boxed{7}") == "7");
  CHECK(answer_to("\\\\boxed{\\\\frac{1}{2}}") == "\\frac{1}{2}");
  CHECK(answer_to("\\boxed {7}") == "7");
  CHECK(answer_to("\\boxed\n{7}") == "7");
  CHECK(answer_to("$\\boxed 7$") == "7");
  CHECK(answer_to("$\\boxed42$") == "42");
  CHECK(answer_to("$\\boxed -4.5$") == "-4.5");
  CHECK(answer_to("$\\boxed x$") == "x");
  CHECK(answer_to("$\\boxed\\pi$") == "\\pi");
  CHECK(answer_to("$\\boxed\\frac{1}{2}$") == "\\frac{1}{2}");
  CHECK(answer_to("$\\boxed\\frac12$") == "\\frac12");
  CHECK(answer_to("$\\boxed{\\sqrt[3]{2}}$") == "\\sqrt[3]{2}");
  CHECK(answer_to("$\\boxed\\sqrt[3]{2}$") == "\\sqrt[3]{2}");
  CHECK(answer_to("$\\boxed\\text{yes}$") == "\\text{yes}");
}

TEST_CASE("Words about boxes are not boxes") {
  CHECK(answer_to("I will use \\boxed and then stop.") == "∅");
  CHECK(answer_to("\\boxedfoo{7}") == "∅");
  CHECK(answer_to("boxed{7}") == "∅");
}

TEST_CASE("Escaped braces and backslashes do not count in the balance") {
  CHECK(answer_to("\\boxed{\\{1,2\\}}") == "\\{1,2\\}");
  CHECK(answer_to("\\boxed{\\left[0,1\\right\\}} and }") == "\\left[0,1\\right\\}");
  CHECK(answer_to("} } \\boxed{a\\\\{b}} }") == "a\\\\{b}");
}

TEST_CASE("Boxes that a joiner connects are one list and others are not") {
  CHECK(answer_to("\\boxed{1}, \\boxed{2}") == "1,2");
  CHECK(answer_to("\\boxed{1}; \\boxed{2}") == "1,2");
  CHECK(answer_to("$\\boxed{1}$ or $\\boxed{2}$") == "1,2");
  CHECK(answer_to("\\boxed{1}\\text{ and }\\boxed{2}") == "1,2");
  CHECK(answer_to("\\boxed{1}\\quad\\text{or}\\quad\\boxed{2}") == "1,2");
  CHECK(answer_to("\\boxed{1}, \\boxed{2} and \\boxed{3}") == "1,2,3");
  CHECK(answer_to("\\boxed{1}, and \\boxed{1}") == "1");
  CHECK(answer_to("\\boxed{1} \\boxed{2}") == "2");
  CHECK(answer_to("\\boxed{10}, wait, \\boxed{42}") == "42");
  CHECK(answer_to("\\boxed{1},                                            \\boxed{2}") == "2");
  CHECK(answer_to("\\boxed{1}. \\boxed{2}") == "2");
  CHECK(answer_to("\\boxed{9} so \\boxed{1}, \\boxed{2}") == "1,2");
}

TEST_CASE("A long list of boxes is whole or no answer") {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "\\boxed{" + std::to_string(i) + "}, ";
  const std::string answer = answer_to(text);
  CHECK(answer.substr(0, 6) == "0,1,2,");
  CHECK(std::count(answer.begin(), answer.end(), ',') == 199);
  // A flood of one answer is that answer, with what stood in front of it.
  CHECK(answer_to("\\boxed{7}, " + repeat("\\boxed{8}, ", 1 << 16)) == "7,8");
  for (int i = 200; i < 2000; ++i) text += "\\boxed{" + std::to_string(i) + "}, ";
  CHECK(extract_answer({text, false, false}).reason == "answer_too_long");
}

TEST_CASE("A box inside a box is removed") {
  CHECK(answer_to("\\boxed{x = \\boxed{5}}") == "5");
  CHECK(answer_to("\\boxed{\\boxed{5}}") == "5");
  CHECK(answer_to("\\boxed{\\fbox{5} + 1}") == "5 + 1");
  CHECK(answer_to("\\boxed{\\boxed{a}, \\boxed{b}}") == "b");
}

TEST_CASE(
    "An open last box gives no answer and lets an earlier one count only in a finished text") {
  CHECK(answer_to("\\boxed{7}. So \\boxed{7") == "7");
  CHECK(extract_answer({"\\boxed{7}. So \\boxed{7", false, false}).reason == "earlier_box");
  CHECK(answer_to_cut("\\boxed{7}. So \\boxed{7") == "∅");
  CHECK(answer_to_cut("<think>\\boxed{7}</think>So \\boxed{7") == "∅");
  CHECK(answer_to("<think>\\boxed{7}</think>So \\boxed{7") == "∅");
  CHECK(answer_to("<think>a</think>\\boxed{7}. So \\boxed{7") == "7");
  CHECK(answer_to("The final answer is 7, \\boxed{") == "∅");
  CHECK(answer_to_cut("It is \\boxed") == "∅");
  CHECK(extract_answer({"\\boxed{\\frac{3", false, true}).reason == "unbalanced_box");
}

TEST_CASE("A complete box behind a closed thought counts although the limit cut the text later") {
  CHECK(answer_to_cut("<think>a</think>It is \\boxed{7}. To check, we no") == "7");
  CHECK(answer_to_cut("<think>\\boxed{7}</think>The ans") == "7");
  CHECK(answer_to_cut("<think>a</think>It is \\boxed 7") == "∅");
  CHECK(answer_to_cut("<think>a</think>It is \\boxed 73 or so") == "73");
}

TEST_CASE("Without a box the last line that names the answer counts") {
  CHECK(answer_to("The answer is 12.") == "12");
  CHECK(answer_to("the ANSWER is: 12") == "12");
  CHECK(answer_to("The answer is 3.5. It is less than 4.") == "3.5");
  CHECK(answer_to("The answer is 1.\nNo, the answer is 2.\nReally.") == "2");
  CHECK(answer_to("**Final Answer**: $\\frac{1}{2}$.") == "\\frac{1}{2}");
  CHECK(answer_to("The final answer is **73**.") == "73");
  CHECK(answer_to("Final answer: \\(x^2\\).") == "x^2");
  CHECK(answer_to("Final Answer:\n\n$$x^2$$\n") == "x^2");
  CHECK(answer_to("The final answer is $1$ and $2$.") == "1 and 2");
  CHECK(answer_to("所以答案是 42。谢谢") == "42");
  CHECK(answer_to("My answers are 4 and 5.") == "∅");
  CHECK(answer_to("Answer: 4") == "∅");
  CHECK(answer_to("We get 3+4 = 7.") == "∅");
  CHECK(answer_to("The answer is") == "∅");
  CHECK(answer_to("The answer is \\boxed{}.") == "∅");
}

TEST_CASE("An answer line that the token limit may have cut is no answer") {
  CHECK(answer_to_cut("The final answer is 12") == "∅");
  CHECK(answer_to_cut("The final answer is 12.\nTo see why") == "12");
}

TEST_CASE("A sign or unit directly behind the box belongs to the answer") {
  CHECK(answer_to("\\boxed{28}\\%") == "28%");
  CHECK(answer_to("\\boxed{28}%") == "28%");
  CHECK(answer_to("$\\boxed{28}$%") == "28%");
  CHECK(answer_to("\\boxed{90}^\\circ") == "90^\\circ");
  CHECK(answer_to("\\boxed{90}^{\\circ}") == "90^\\circ");
  CHECK(answer_to("\\boxed{90}°") == "90^\\circ");
  CHECK(answer_to("\\boxed{12}\\text{ cm}^2") == "12\\text{ cm}^2");
  CHECK(answer_to("\\boxed{12} cm") == "12");
  CHECK(answer_to("\\boxed{12}\\text{ and } 4") == "12");
}

TEST_CASE("What a box holds is tidied") {
  CHECK(answer_to("\\boxed{42.}") == "42");
  CHECK(answer_to("\\boxed{42,}") == "42");
  CHECK(answer_to("\\boxed{42\\\\}") == "42");
  CHECK(answer_to("\\boxed{$42$}") == "42");
  CHECK(answer_to("\\boxed{\\$42}") == "\\$42");
  CHECK(answer_to("\\boxed{\\displaystyle\\frac12}") == "\\frac12");
  CHECK(answer_to("\\boxed{\\,42\\;}") == "42");
  CHECK(answer_to("\\boxed{\\textcolor{red}{42}}") == "42");
  CHECK(answer_to("\\boxed{\\color{blue}{42}}") == "42");
  CHECK(answer_to("\\boxed{\\text{The answer is } 12}") == "12");
  CHECK(answer_to("\\boxed{\\text{The area is: } 12}") == "12");
  CHECK(answer_to("\\boxed{The answer is 12.}") == "12");
  CHECK(answer_to("\\boxed{\\text{The value of } x \\text{ is } 12}") == "12");
  CHECK(answer_to("\\boxed{\\text{The sum is 12}}") == "\\text{The sum is 12}");
  CHECK(answer_to("\\boxed{The sum of both is 12}") == "12");
  CHECK(answer_to("\\boxed{\\text{Odd}}") == "\\text{Odd}");
  CHECK(answer_to("\\boxed{4{:}30 p.m.}") == "4{:}30 p.m.");
  CHECK(answer_to("\\boxed{0.333...}") == "0.333...");
  CHECK(answer_to("\\boxed{4" + std::string(1, '\0') + "2}") == "42");
}

TEST_CASE("An answer of more than 4096 bytes is none") {
  CHECK(answer_to("\\boxed{" + std::string(4096, '1') + "}") == std::string(4096, '1'));
  CHECK(answer_to("\\boxed{" + std::string(4097, '1') + "}") == "∅");
  CHECK(extract_answer({"\\boxed{" + std::string(4097, '1') + "}", false, false}).reason ==
        "answer_too_long");
}

TEST_CASE("Of a text beyond the cap its end is read") {
  const std::string text = repeat("padding ", 5 << 20) + "\\boxed{42}";
  CHECK(answer_to(text) == "42");
  CHECK(answer_behind_prefix("a</think>" + text) == "42");
}

TEST_CASE("The work grows linearly whatever the text holds") {
  const char* const pieces[] = {"\\boxed{",
                                "{",
                                "}",
                                "\\",
                                "\\\\boxed",
                                "\\boxed",
                                "\\boxed\\frac{",
                                "\\boxed{}",
                                "\\boxed{\\boxed{}}",
                                "\\boxed{1},",
                                "the answer is ",
                                "<think>",
                                "</think>",
                                "<",
                                "$",
                                "final answer: \n",
                                "\\text{",
                                "\\boxed{\\boxed{\\boxed{\\boxed{}}}}",
                                "\\boxed\\sqrt[",
                                "\\boxed ",
                                "final answer is \\boxed{1} or ",
                                "final answer is not ",
                                "box",
                                "ans",
                                "│ 4 │\n"};
  for (const char* piece : pieces) {
    INFO(piece);
    for (const std::string_view suffix : {"", "}", "\\boxed{7}"}) {
      const std::string text = repeat(piece, std::size_t{1} << 19) + std::string(suffix);
      const Extraction extraction = extract_answer({text, false, false});
      CHECK(extraction.steps <= 200 * text.size());
      extract_answer({text, true, true});
    }
  }
  const std::string nested =
      repeat("\\boxed{", 1 << 20) + "7" + std::string((1 << 20) / 7 + 1, '}');
  CHECK(answer_to(nested) == "∅");
}

}  // namespace quorum
