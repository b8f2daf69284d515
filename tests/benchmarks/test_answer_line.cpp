#include "base/philox.h"
#include "base/text.h"
#include "benchmarks/math/box_text.h"
#include "benchmarks/math/byte_search.h"
#include "benchmarks/math/extraction.h"
#include "support/catch.h"

namespace quorum {
namespace {

std::string answer_to(std::string_view text) {
  return extract_answer({text, false, false}).answer.value_or("∅");
}

}  // namespace

TEST_CASE("Adverbs between the label and the answer are passed over") {
  CHECK(answer_to("The answer is therefore $19$.") == "19");
  CHECK(answer_to("The answer is given by $x = 19$.") == "x = 19");
  CHECK(answer_to("The answer is approx. 19.") == "19");
  CHECK(answer_to("The answer is approximately $2.75$.") == "2.75");
  CHECK(answer_to("The answer is that $x > 19$.") == "x > 19");
  CHECK(answer_to("The answer is given.") == "given");
}

TEST_CASE("A reason behind the answer is no part of it") {
  CHECK(answer_to("The answer is $19$ because $8 + 11 = 19$.") == "19");
  CHECK(answer_to("The answer is $19$, since $8 + 11 = 19$.") == "19");
  CHECK(answer_to("The answer is $19$ (as $8 + 11 = 19$).") == "19");
  CHECK(answer_to("The final answer is 19, since 8 + 11 = 19.") == "19");
  CHECK(answer_to("The final answer is 19 because of the sum.") == "19");
  CHECK(answer_to("The answer is $a=8$, $b=11$.") == "a=8, b=11");
  CHECK(answer_to("The answer is $8$ apples and $11$ pears.") == "8 apples and 11 pears");
}

TEST_CASE("A line that denies names no answer and an earlier one counts") {
  CHECK(answer_to("So the answer is not 8.") == "∅");
  CHECK(answer_to("The answer is 19. Surely the answer is not 8.") == "19");
}

TEST_CASE("A line that speaks of the answer without naming it is none") {
  CHECK(answer_to("I hope the answer is correct.") == "∅");
  CHECK(answer_to("The answer is obtained by adding 8 and 11, which gives 19.") == "∅");
  CHECK(answer_to("The answer is shown below.") == "∅");
  CHECK(answer_to("The final answer is 19. I hope the final answer is correct.") == "19");
}

TEST_CASE("A formula displayed over several lines is one answer") {
  CHECK(answer_to("The final answer is\n\\[\n\\frac{3}{8}\n\\]\nas was to be found.") ==
        "\\frac{3}{8}");
  CHECK(answer_to("Final Answer:\n$$\n19\n$$\n") == "19");
  CHECK(answer_to("The answer is as follows:\n\n$$x = 19$$") == "x = 19");
  CHECK(answer_to("The answer is the following: $x = 19$.") == "x = 19");
  CHECK(answer_to("The answer is $3x$ in terms of $x$.") == "3x");
}

TEST_CASE("A heading names the line below it when that stands alone") {
  CHECK(answer_to("**Final Answer**\n\n$\\frac{3}{8}$") == "\\frac{3}{8}");
  CHECK(answer_to("### Final Answer\n19") == "19");
  CHECK(answer_to("## Final Answer\n\n**19**\n") == "19");
  CHECK(answer_to("### Final Answer\r\n19\r\n") == "19");
  CHECK(answer_to("### Final Answer\nWe have shown that it holds.") == "∅");
  CHECK(answer_to("This is the final answer\n19") == "∅");
  CHECK(answer_to("### Answer\n19") == "∅");
}

TEST_CASE("What was opened in front of the label is closed behind the answer") {
  CHECK(answer_to("$\\text{The final answer is } 19$") == "19");
  CHECK(answer_to("\\(\\text{The final answer is } 19\\)") == "19");
  CHECK(answer_to("*The answer is 19*") == "19");
  CHECK(answer_to("The answer is __19__.") == "19");
  CHECK(answer_to("{The answer is \\{8, 11\\}}") == "\\{8, 11\\}");
  CHECK(answer_to("The answer is \\$19.25.") == "\\$19.25");
  CHECK(answer_to("The answer is $19.25.") == "$19.25");
}

TEST_CASE("A final answer behind the box that is another number wins and the grade says so") {
  const Extraction other = extract_answer({"\\boxed{8} is one. Final answer: 11", false, false});
  CHECK(other.answer == "11");
  CHECK(other.reason == "label_after_box");
  CHECK(other.level == WarningLevel::kWarning);
  CHECK(answer_to("\\boxed{8}. So \\boxed{11 it is. The final answer is 11.") == "11");
  // No other number: the same one, a rounding, words, a label that is not final, a list.
  CHECK(answer_to("\\boxed{\\frac{1}{4}}. The final answer is $\\frac{2}{8}$.") == "\\frac{1}{4}");
  CHECK(answer_to("\\boxed{\\frac{1}{3}}. The final answer is 0.33.") == "\\frac{1}{3}");
  CHECK(answer_to("\\boxed{8}. The final answer is indeed correct.") == "8");
  CHECK(answer_to("\\boxed{8}. For other n the answer is 11.") == "8");
  CHECK(answer_to("\\boxed{8, 11}. The final answer is 8.") == "8, 11");
  CHECK(answer_to("\\boxed{8}. The final answer is 2 numbers.") == "8");
  CHECK(extract_answer({"\\boxed{8}. The final answer is 1", false, true}).answer == "8");
}

TEST_CASE("A frame of bars is a box and a table is none") {
  CHECK(answer_to("So\n┌────┐\n│ 19 │\n└────┘\n") == "19");
  CHECK(answer_to("║ 19 ║") == "19");
  CHECK(answer_to("│ 8 │ 11 │") == "∅");
  CHECK(answer_to("│ 8 │\n│ 11 │") == "∅");
  CHECK(answer_to("│ 8 │\nThe answer is 11.") == "11");
  CHECK(extract_answer({"│ 8 │", false, true}).reason == "no_answer");
}

TEST_CASE("A box that only shows where the answer goes is passed over") {
  for (const char* content :
       {"\\text{your\\_answer}", "[your answer here]", "\\textbf{Final Answer}", "\\quad",
        "<your final answer>", "\\underline{\\hspace{1cm}}", "____", "…", "\\phantom{00}", "?",
        "(final answer)", "\\texttt{answer}", "\\rule{1cm}{0.4pt}"}) {
    INFO(content);
    CHECK(answer_to("It is \\boxed{19}, as in \\boxed{" + std::string(content) + "}") == "19");
  }
  for (const char* content : {"\\{\\}", "\\emptyset", "\\text{yes}", "A", "the", "0", "-", "\\pi",
                              "\\text{no answer exists}"})
    CHECK(!is_placeholder(content));
}

TEST_CASE("Only a unit behind the box belongs to the answer") {
  CHECK(answer_to("$\\boxed{8} \\text{ cm}$") == "8\\text{ cm}");
  CHECK(answer_to("$\\boxed{8}\\,\\mathrm{m}^2$") == "8\\mathrm{m}^2");
  CHECK(answer_to("$\\boxed{8}\\text{ is the answer}$") == "8");
  CHECK(answer_to("$\\boxed{8}\\text{ because }8=8$") == "8");
  CHECK(answer_to("$\\boxed{8}\\text{ (B)}$") == "8");
  // Also to each of several boxes.
  CHECK(answer_to("$\\boxed{8}^\\circ$ and $\\boxed{11}^\\circ$") == "8^\\circ,11^\\circ");
  CHECK(answer_to("$\\boxed{8}\\text{ cm}$, $\\boxed{11}\\text{ cm}$") ==
        "8\\text{ cm},11\\text{ cm}");
  CHECK(answer_to("$\\boxed{8}$% or $\\boxed{11}$%") == "8%,11%");
  CHECK(answer_to("$\\boxed{8}\\text{ and }\\boxed{11}$") == "8,11");
  CHECK(answer_to("$\\boxed{8}\\text{ cm}$. $\\boxed{11}$") == "11");
}

TEST_CASE("Searches over bytes agree with the plain ones at every place and length") {
  PhiloxStream random(20266);
  int found = 0;
  for (std::size_t size = 0; size < 300; ++size) {
    // A few places that match, of few letters, in any case.
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += "boxBOX\xe7."[random.below(8)];
    const std::size_t from = size == 0 ? 0 : random.below(static_cast<std::uint32_t>(size));
    for (const char* wanted : {"box", "oxb", "bob", "..."}) {
      std::size_t first = std::string::npos, last = std::string::npos;
      for (std::size_t at = 0; at + 3 <= size; ++at) {
        if (text.compare(at, 3, wanted) == 0 && at >= from && first == std::string::npos)
          first = at;
        if (to_lower_ascii(text.substr(at, 3)) == wanted && at < size - from) last = at;
      }
      CHECK(find_three(text, wanted, from) == first);
      CHECK(find_last_three_folded(text, wanted, size - from) == last);
      found += first != std::string::npos ? 1 : 0;
    }
    CHECK(!has_control(text));
    for (const char c : {'\x01', '\x7f', '\x1f'}) {
      std::string with = text;
      with.insert(from, 1, c);
      CHECK(has_control(with));
    }
    for (const char c : {'\t', '\n', '\r', ' '}) CHECK(!has_control(text + c));
  }
  CHECK(found > 50);
  // One match at every place of a block.
  for (std::size_t at = 0; at < 100; ++at) {
    std::string text(120, 'b');
    text.replace(at, 3, "box");
    CHECK(find_three(text, "box", 0) == at);
    CHECK(find_last_three_folded(text, "box", text.size()) == at);
  }
}

}  // namespace quorum
