#include "benchmarks/math/compat.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "benchmarks/math/answer.h"
#include "support/catch.h"
#include "support/test_data.h"

namespace quorum {
namespace {

constexpr CompatMode kMathVerify = CompatMode::kMathVerify, kPrm800k = CompatMode::kPrm800k;

// "y" or "n" of the mode, and the deviations that decide when it is not ours: "y base_dropped".
std::string verdict(CompatMode mode, std::string_view gold, std::string_view prediction) {
  const CompatVerdict found = compare_in_mode(gold, prediction, mode);
  CHECK(found.ours == equivalent(gold, prediction, GraderKind::kMath).equal);
  CHECK(found.deviations.empty() == (found.equal == found.ours));
  std::string text = found.equal ? "y" : "n";
  for (const std::string_view name : found.deviations) text += " " + std::string(name);
  return text;
}
std::string math_verify(std::string_view gold, std::string_view prediction) {
  return verdict(kMathVerify, gold, prediction);
}
std::string prm800k(std::string_view gold, std::string_view prediction) {
  return verdict(kPrm800k, gold, prediction);
}

}  // namespace

TEST_CASE("Modes are known by name", "[compat]") {
  CHECK(parse_compat_mode("math-verify") == kMathVerify);
  CHECK(parse_compat_mode("prm800k") == kPrm800k);
  CHECK(!parse_compat_mode("Math-Verify"));
  CHECK(!parse_compat_mode(""));
  for (const CompatMode mode : {kMathVerify, kPrm800k}) {
    CHECK(deviations(mode).size() < 64);
    CHECK(!deviations(mode).empty());
  }
}

TEST_CASE("Math-Verify cannot read a mark at the end but takes the last number", "[compat]") {
  CHECK(math_verify("58", "58.") == "n mark_at_end_unreadable");
  CHECK(math_verify("\\frac{5}{8}", "\\dfrac{5}{8},") == "n mark_at_end_unreadable");
  CHECK(math_verify("5", "2, 5.") == "y mark_at_end_unreadable last_number_of_unreadable");
  CHECK(math_verify("58", "58\\,") == "y");
}

TEST_CASE("Math-Verify cannot read some signs", "[compat]") {
  CHECK(math_verify("35^\\circ", "35°") == "n sign_unreadable");
  CHECK(math_verify("\\frac{4}{9}", "0.\\overline{4}") == "n sign_unreadable");
  CHECK(math_verify("7", "\\color{red}{7}") == "n sign_unreadable");
  CHECK(math_verify("35^\\circ", "35") == "y");
}

TEST_CASE("Math-Verify drops units whatever they are, and letters like them", "[compat]") {
  CHECK(math_verify("6 \\text{ kg}", "6 \\text{ g}") == "y text_to_end_dropped");
  CHECK(math_verify("4x^2 - 3t", "4x^2 - 3") == "y unit_letters_dropped");
  CHECK(math_verify("6", "6 weeks") == "n words_are_letters");
}

TEST_CASE("Math-Verify ignores the base, divides at colons and adds neighbours", "[compat]") {
  CHECK(math_verify("314_6", "314_7") == "y base_dropped");
  CHECK(math_verify("5:2", "\\frac{5}{2}") == "y colon_divides");
  CHECK(math_verify("\\frac{15}{4}", "3 3/4") == "n neighbours_add");
  CHECK(math_verify("\\frac{3}{2}", "3 3/4") == "y neighbours_add");
  CHECK(math_verify("4250", "4\\,250") == "n neighbours_add");
}

TEST_CASE("Math-Verify reads a percentage as its value", "[compat]") {
  CHECK(math_verify("35\\%", "35") == "n percent_is_value");
  CHECK(math_verify("35\\%", "0.35") == "y");
}

TEST_CASE("Math-Verify rounds decimals to six places, not those beside integers", "[compat]") {
  CHECK(math_verify("\\frac{5}{7}", "0.714286") == "y decimals_to_6_places");
  CHECK(math_verify("\\sqrt{7}", "2.6457513") == "y decimals_to_6_places");
  CHECK(math_verify("\\frac{5}{7}", "0.71429") == "n");
  CHECK(math_verify("8", "8.0000001") == "n");
}

TEST_CASE("Math-Verify finds identities and mistakes tiny numbers", "[compat]") {
  CHECK(math_verify("[1, 5)", "[2^{\\frac{1}{2^{900}}}, 5)") == "n");
  CHECK(math_verify("\\sqrt{3}+\\sqrt{7}", "\\sqrt{10+2\\sqrt{21}}").front() == 'y');
  CHECK(math_verify("3^{-60}", "3^{-61}") == "y numbers_to_15_places");
  CHECK(math_verify("3^{-6}", "3^{-7}") == "n");
}

TEST_CASE("Math-Verify has sets for lists and mixes them with pairs", "[compat]") {
  CHECK(math_verify("3, 8", "8, 3, 3") == "y lists_are_sets");
  CHECK(math_verify("(9, 4)", "[9, 4]") == "y pairs_and_sets_mixed");
  CHECK(math_verify("(4, 9)", "[4, 9]") == "n");
  CHECK(math_verify("(4, 9)", "\\{4, 9\\}") == "y pairs_and_sets_mixed");
  CHECK(math_verify("\\begin{pmatrix} 4 \\\\ 9 \\end{pmatrix}", "(4, 9)") ==
        "n column_is_no_tuple");
  CHECK(math_verify("\\begin{pmatrix} 4 \\\\ 9 \\end{pmatrix}",
                    "\\begin{matrix} 4 \\\\ 9 \\end{matrix}")
            .front() == 'y');
}

TEST_CASE("Math-Verify accepts an interval for an inequality and not the other way", "[compat]") {
  CHECK(math_verify("[3, 8)", "3 \\le x < 8") == "n interval_gold_no_inequality");
  CHECK(math_verify("3 \\le x < 8", "[3, 8)") == "y");
  CHECK(math_verify("(3, \\infty)", "(3, \\infty]") == "y infinite_end_open");
  CHECK(math_verify("x > 8", "x - 8 > 0").front() == 'y');
  CHECK(math_verify("2 < x < 8", "8 > x > 2") == "n inequalities_by_difference");
}

TEST_CASE("Math-Verify takes sides of equations and solves those of several symbols", "[compat]") {
  CHECK(math_verify("9", "2x + 1 = 9") == "y right_side_taken");
  CHECK(math_verify("x = 9", "x = 5 + 4 = 9") == "y");
  CHECK(math_verify("x = 9", "x = 5 + 5 = 9") == "y right_side_taken");
  CHECK(math_verify("x = 4", "3x = 12") == "n one_symbol_not_solved");
  CHECK(math_verify("x + 2y = 4", "3x + 6y = 12") == "y");
}

TEST_CASE("Math-Verify knows no case, and i as a symbol", "[compat]") {
  CHECK(math_verify("C", "c") == "y no_case");
  CHECK(math_verify("\\text{north}", "\\text{the north}") == "n words_are_letters");
  CHECK(math_verify("4 + 3i", "4 + (3)i") == "n i_is_a_symbol");
  CHECK(math_verify("[14]", "14").front() == 'y');
  CHECK(math_verify("6\\pi", "6*pi") == "n plain_functions_are_letters");
}

TEST_CASE("prm800k takes fractions and integers as written", "[compat]") {
  CHECK(prm800k("\\frac{3}{7}", "\\frac{6}{14}") == "n fractions_as_written");
  CHECK(prm800k("\\frac{3}{7}", "\\dfrac37") == "y");
  CHECK(prm800k("64", "2^{6}") == "n integers_as_written");
  CHECK(prm800k("64", "064") == "y");
  CHECK(prm800k("\\frac{17}{20}", "0.85") == "y");
}

TEST_CASE("prm800k drops percent signs, names of two bytes and texts behind", "[compat]") {
  CHECK(prm800k("35\\%", "35") == "y");
  CHECK(prm800k("35\\%", "0.35") == "n integers_as_written");
  CHECK(prm800k("x = 14", "y = 14") == "y name_dropped");
  CHECK(prm800k("14 \\text{ kg}", "14 \\text{ lb}") == "y text_dropped");
  CHECK(prm800k("14", "14 \\mathrm{kg}") == "n integers_as_written");
}

TEST_CASE("prm800k compares lists as texts and tuples by their brackets", "[compat]") {
  CHECK(prm800k("3, 8", "8, 3") == "n not_evaluated");
  CHECK(prm800k("(3, \\frac{1}{2})", "(3, 0.5)") == "y");
  CHECK(prm800k("(3, 8)", "3, 8") == "n shape_as_written");
  CHECK(prm800k("AB", "ab") == "y same_text");
}

TEST_CASE("prm800k evaluates neither long exponents nor three letters", "[compat]") {
  CHECK(prm800k("x(x^{11}+1)", "x^{12}+x") == "n exponents_not_evaluated");
  CHECK(prm800k("x(x^2+1)", "x^3+x") == "y");
  CHECK(prm800k("a(b+c)", "ab+ac") == "n three_letters_not_evaluated");
  CHECK(prm800k("a(b+2)", "ab+2a") == "y");
}

TEST_CASE("Without its deviations a mode is Quorum", "[compat]") {
  for (const auto& [gold, prediction] : {std::pair<const char*, const char*>{"314_6", "314_7"},
                                         {"58", "58."},
                                         {"3, 8", "8, 3"},
                                         {"\\frac{3}{7}", "\\frac{6}{14}"},
                                         {"x = 14", "y = 14"},
                                         {"{", "}"},
                                         {"", ""}})
    for (const CompatMode mode : {kMathVerify, kPrm800k})
      CHECK(equal_with_deviations(gold, prediction, mode, 0) ==
            equivalent(gold, prediction, GraderKind::kMath).equal);
}

TEST_CASE("Nothing that an answer may be stops a mode", "[compat]") {
  for (const std::string piece : {"{",
                                  "}",
                                  "(",
                                  "[",
                                  "\\",
                                  "\\text{",
                                  "\\frac",
                                  "\\sqrt[",
                                  "=",
                                  "<",
                                  ",",
                                  "\\pm",
                                  "\\cup",
                                  "1 ",
                                  "\\begin{pmatrix}",
                                  "\\begin{pmatrix}\\end{pmatrix}",
                                  "&",
                                  "%",
                                  "_8",
                                  "i",
                                  "\\{",
                                  "\\boxed{",
                                  "-",
                                  "\xff",
                                  "10^{",
                                  "1:",
                                  "x\\approx"}) {
    for (const int times : {1, 2, 3, 40, 500}) {
      std::string text;
      for (int i = 0; i < times; ++i) text += piece;
      INFO(piece << " " << times);
      for (const CompatMode mode : {kMathVerify, kPrm800k}) {
        const DeviationSet all = all_deviations(mode);
        equal_with_deviations(text, "1", mode, all);
        equal_with_deviations("1", text, mode, all);
        equal_with_deviations(text + "1", text, mode, all);
      }
    }
  }
}

TEST_CASE("The verdicts of Math-Verify on generated pairs", "[compat]") {
  int rows = 0, same = 0;
  for (const std::string& line :
       split(read_file(testing::source_path("tests/golden/compat_math_verify.jsonl")), '\n')) {
    if (line.empty()) continue;
    const auto row = nlohmann::json::parse(line);
    const std::string gold = row.at("gold"), prediction = row.at("prediction");
    const bool equal = row.at("equal");
    ++rows;
    same +=
        equal_with_deviations(gold, prediction, kMathVerify, all_deviations(kMathVerify)) == equal
            ? 1
            : 0;
  }
  CHECK(rows == 600);
  CHECK(same * 100 >= rows * 99);
}

}  // namespace quorum
