// Expressions of different forms: what is proven equal, proven unequal, or numerically equal.
#include <string>
#include <vector>

#include "benchmarks/math/answer.h"
#include "benchmarks/math/decide.h"
#include "benchmarks/math/exact_decider.h"
#include "benchmarks/math/numeric.h"
#include "support/catch.h"
#include "support/test_data.h"

namespace quorum {
namespace {

Decision::Kind kind(const std::string& a, const std::string& b, Domain domain = Domain::kCommon) {
  const auto left = parse_expression(a), right = parse_expression(b);
  REQUIRE(left.has_value());
  REQUIRE(right.has_value());
  const Decision::Kind forward = decide(*left, *right, domain).kind;
  CHECK(decide(*right, *left, domain).kind == forward);
  return forward;
}

EquivalenceVerdict verdict(const std::string& gold, const std::string& answer) {
  return equivalent(gold, answer, GraderKind::kMath);
}

struct Pair {
  const char *a, *b;
};

}  // namespace

TEST_CASE("Constants of one value are proven equal by Calcium", "[decide]") {
  set_exact_decider_program(testing::program_path().string());
  for (const Pair& pair :
       std::vector<Pair>{{"\\sqrt{11-6\\sqrt{2}}", "3-\\sqrt{2}"},
                         {"\\sqrt{2}+\\sqrt{7}", "\\sqrt{9+2\\sqrt{14}}"},
                         {"\\sqrt[3]{7+5\\sqrt{2}}", "1+\\sqrt{2}"},
                         {"\\cos\\frac{\\pi}{8}", "\\frac{\\sqrt{2+\\sqrt{2}}}{2}"},
                         {"4\\arctan\\frac{1}{5}-\\arctan\\frac{1}{239}", "\\frac{\\pi}{4}"},
                         {"e^{i\\pi/3}", "\\frac{1+i\\sqrt{3}}{2}"},
                         {"\\ln(3+2\\sqrt{2})", "2\\ln(1+\\sqrt{2})"},
                         {"\\sqrt[3]{-27}+\\sqrt{5}", "\\sqrt{5}-3"},
                         {"\\lfloor \\pi+\\frac{1}{2} \\rfloor", "3"},
                         {"(\\sqrt{2})^{10^{4}}", "2^{5000}"}}) {
    INFO(pair.a << " ~ " << pair.b);
    CHECK(kind(pair.a, pair.b) == Decision::Kind::kEqualExact);
  }
}

TEST_CASE("Constants that differ are proven to, however little", "[decide]") {
  set_exact_decider_program(testing::program_path().string());
  for (const Pair& pair :
       std::vector<Pair>{{"2^{2^{-900}}", "1"},
                         {"1+10^{-4000}", "1"},
                         {"\\sqrt{2}+10^{-3000}", "\\sqrt{2}"},
                         {"e^{\\pi\\sqrt{163}}", "262537412640768744"},
                         {"10^{10^{10}}", "10^{10^{10}+1}"},
                         {"\\frac{1}{900!}", "\\frac{1}{901!}"},
                         {"\\sqrt{11-6\\sqrt{2}}", "\\sqrt{2}-3"},
                         {"\\sqrt{6}", "\\frac{24494897427831780981972840747058914}{10^{34}}"}}) {
    INFO(pair.a << " ~ " << pair.b);
    CHECK(kind(pair.a, pair.b) == Decision::Kind::kUnequal);
  }
}

TEST_CASE("Without a process for Calcium the numbers decide, and no verdict changes", "[decide]") {
  set_exact_decider_program("");
  CHECK(kind("\\sqrt{11-6\\sqrt{2}}", "3-\\sqrt{2}") == Decision::Kind::kEqualNumeric);
  CHECK(kind("\\sqrt{11-6\\sqrt{2}}", "\\sqrt{2}-3") == Decision::Kind::kUnequal);
  // A part is smaller than what the precision shows: no word.
  CHECK(kind("1+10^{-4000}", "1") == Decision::Kind::kUnknownLimit);
  CHECK(!verdict("\\sqrt{2}+10^{-4000}", "\\sqrt{2}").equal);
  set_exact_decider_program(testing::program_path().string());
}

TEST_CASE("Identities hold at all points and near misses fail at one", "[decide]") {
  for (const Pair& pair :
       std::vector<Pair>{{"\\sin^2 x+\\cos^2 x", "1"},
                         {"\\sin 3x", "3\\sin x-4\\sin^3 x"},
                         {"\\cosh 2x", "1+2\\sinh^2 x"},
                         {"\\tanh x", "\\frac{e^{2x}-1}{e^{2x}+1}"},
                         {"\\arcsin x+\\arccos x", "\\frac{\\pi}{2}"},
                         {"\\ln x^3", "3\\ln x"},
                         {"x^{2/3}", "\\sqrt[3]{x^2}"},
                         {"\\frac{(n+3)!}{(n+1)!}", "n^2+5n+6"},
                         {"\\binom{n}{3}", "\\frac{n(n-1)(n-2)}{6}"},
                         {"|ab|", "|a||b|"},
                         {"\\cos(n\\pi)", "(-1)^n"},
                         {"\\sin(90^\\circ+t)", "\\cos t"},
                         {"\\frac{1}{\\sqrt{x+1}+\\sqrt{x}}", "\\sqrt{x+1}-\\sqrt{x}"}}) {
    INFO(pair.a << " ~ " << pair.b);
    CHECK(kind(pair.a, pair.b) == Decision::Kind::kEqualNumeric);
  }
  for (const Pair& pair : std::vector<Pair>{{"\\sin^2 x-\\cos^2 x", "1"},
                                            {"\\sin 3x", "3\\sin x-4\\sin^2 x"},
                                            {"\\sqrt{x^2}", "x"},
                                            {"|a+b|", "|a|+|b|"},
                                            {"|x-9|", "9-x"},
                                            {"|x-150|", "150-x"},
                                            {"|x+30|", "x+30"},
                                            {"x^x", "x!"},
                                            {"\\sin x+10^{-60}", "\\sin x"},
                                            {"\\frac{(n+3)!}{(n+1)!}", "n^2+5n+7"},
                                            {"\\ln x+10^{-80}x", "\\ln x"},
                                            {"(-1)^n", "(-1)^{n+1}"}}) {
    INFO(pair.a << " ~ " << pair.b);
    CHECK(kind(pair.a, pair.b) == Decision::Kind::kUnequal);
  }
}

TEST_CASE("What has no value at enough points is not proven, whatever it looks like", "[decide]") {
  CHECK(kind("\\sqrt{-x^2-1}", "\\sqrt{-x^2-2}") == Decision::Kind::kNotProven);
  CHECK(kind("f(x)+1", "f(x)+2") == Decision::Kind::kNotProven);
  CHECK(kind("\\frac{1}{\\sin^2 x+\\cos^2 x-1}", "5") != Decision::Kind::kEqualNumeric);
  CHECK(kind("\\log 8", "\\ln 8") == Decision::Kind::kNotProven);
}

TEST_CASE("Among votes two expressions must have values at the same points", "[decide]") {
  CHECK(kind("e^{2\\ln x}", "x^2") == Decision::Kind::kEqualNumeric);
  CHECK(kind("e^{2\\ln x}", "x^2", Domain::kSame) == Decision::Kind::kNotProven);
  CHECK(kind("\\sin 2x", "2\\sin x\\cos x", Domain::kSame) == Decision::Kind::kEqualNumeric);
  // |x| and x would meet in e^{\ln x}, which is both where it is defined.
  const std::vector<std::string> votes = {"|x|", "x", "e^{\\ln x}", "\\sqrt{x^2}", "|{-x}|"};
  CHECK(answer_classes("0", votes, GraderKind::kMath) == std::vector<int>{0, 1, 2, 0, 0});
}

TEST_CASE("Votes of several values find their classes among each other", "[decide]") {
  const std::vector<std::string> votes = {"\\sin 2x",
                                          "\\cos 2x",
                                          "\\tan x",
                                          "\\sqrt{8+2\\sqrt{15}}",
                                          "\\sqrt{9+4\\sqrt{5}}",
                                          "2\\sin x\\cos x",
                                          "1-2\\sin^2 x",
                                          "\\frac{\\sin x}{\\cos x}",
                                          "\\sqrt{3}+\\sqrt{5}",
                                          "2+\\sqrt{5}",
                                          "2\\tan x\\cos^2 x",
                                          "2\\cos^2 x-1",
                                          "\\frac{1-\\cos 2x}{\\sin 2x}",
                                          "\\frac{2}{\\sqrt{5}-\\sqrt{3}}",
                                          "\\frac{1}{\\sqrt{5}-2}"};
  CHECK(answer_classes("0", votes, GraderKind::kMath) ==
        std::vector<int>{0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4});
}

TEST_CASE("Values at a point depend on the symbol's name only", "[decide]") {
  const SamplePoint point{5};
  CHECK(point.value_in_units("x") == point.value_in_units("x"));
  CHECK(point.value_in_units("x") != point.value_in_units("y"));
  CHECK(point.value_in_units("x") != SamplePoint{9}.value_in_units("x"));
  for (int i = 0; i < SamplePoint::kReal; i += 6)
    CHECK(
        (SamplePoint{i}.value_in_units("t") > 0 && SamplePoint{i}.value_in_units("t") < (1 << 20)));
}

TEST_CASE("The order of constants is certain or not given", "[decide]") {
  const auto order = [](const char* a, const char* b) {
    return order_of(*parse_expression(a), *parse_expression(b));
  };
  CHECK(order("\\sqrt{2}", "\\frac{3}{2}") == -1);
  CHECK(order("\\pi", "3") == 1);
  CHECK(order("7", "7") == 0);
  CHECK(!order("\\sqrt{11-6\\sqrt{2}}", "3-\\sqrt{2}").has_value());
  CHECK(!order("x", "3").has_value());
  CHECK(!order("\\sqrt{-2}", "3").has_value());
}

TEST_CASE("Every verdict says how certain it is", "[decide]") {
  set_exact_decider_program(testing::program_path().string());
  CHECK(verdict("\\sqrt{11-6\\sqrt{2}}", "3-\\sqrt{2}").reason == "equal_exact");
  CHECK(verdict("\\sqrt{11-6\\sqrt{2}}", "3-\\sqrt{2}").certainty == Certainty::kCertified);
  CHECK(verdict("\\sin 2x", "2\\sin x\\cos x").certainty == Certainty::kNumeric);
  CHECK(verdict("(1,\\sin 2x)", "(1,2\\sin x\\cos x)").certainty == Certainty::kNumeric);
  CHECK(verdict("(1,\\sin 2x)", "(1,2\\sin x)").certainty == Certainty::kCertified);
  CHECK(verdict("\\sin 2x", "2\\sin x").reason == "unequal_certified");
  CHECK(verdict("\\text{red}", "\\text{blue}").certainty == Certainty::kUnproven);
  CHECK(verdict("2^{2^{2^{50}}}", "2^{2^{2^{51}}}").reason == "unknown_limit");
  CHECK(verdict("2^{2^{2^{50}}}", "2^{2^{2^{51}}}").certainty == Certainty::kUnproven);
}

}  // namespace quorum
