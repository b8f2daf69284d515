#include "benchmarks/math/policy.h"

#include <cmath>

#include "benchmarks/math/approximate.h"
#include "benchmarks/math/comparison.h"
#include "benchmarks/math/grader.h"
#include "support/catch.h"

namespace quorum {
namespace {

// Whether the pair is unequal without the policy and equal under it.
bool only_under(const char* policy, std::string_view gold, std::string_view prediction) {
  const Policy read = parse_policy(policy).take();
  return !equivalent(gold, prediction, GraderKind::kMath).equal &&
         compare_under_policy(gold, prediction, GraderKind::kMath, read).equal;
}
bool under(const char* policy, std::string_view gold, std::string_view prediction) {
  return compare_under_policy(gold, prediction, GraderKind::kMath, parse_policy(policy).take())
      .equal;
}
std::vector<std::string> deciding(const char* policy, std::string_view gold,
                                  std::string_view prediction) {
  return deciding_policies(gold, prediction, GraderKind::kMath, parse_policy(policy).take());
}

}  // namespace

TEST_CASE("Policies are read and written by name", "[policy]") {
  CHECK(parse_policy("").take() == Policy{});
  CHECK(to_text(Policy{}).empty());
  CHECK(to_text(parse_policy(" base=dropped , rounding=6 ").take()) == "rounding=6,base=dropped");
  CHECK(to_text(parse_policy("percent=either").take()).empty());
  const std::string all =
      "rounding=1e-6,percent=value,base=dropped,angle=radians,units=prose,time=clock,ratio=value,"
      "comma=decimal,chain=last,parameter=renamed,equation=solved,form=kept";
  CHECK(to_text(parse_policy(all).take()) == all);
  for (const PolicyName& one : policy_names())
    CHECK(all.find(std::string(one.name) + "=") != std::string::npos);
}

TEST_CASE("An unknown policy or value is refused with those that there are", "[policy]") {
  const auto unknown = parse_policy("roundig=6");
  REQUIRE(!unknown);
  CHECK(std::string(unknown.error().what()).find("roundig") != std::string::npos);
  for (const PolicyName& one : policy_names())
    CHECK(unknown.error().hint().find(one.name) != std::string::npos);
  for (const char* wrong : {"rounding", "rounding=", "rounding=0", "rounding=16", "rounding=1.5",
                            "rounding=0.5", "rounding=-1", "rounding=6x", "percent=maybe", "base",
                            "base=kept", "base=dropped,base=dropped", ",", "=", "base=dropped,"})
    CHECK(!parse_policy(wrong));
}

TEST_CASE("Rounding to digits accepts what a decimal rounds, and nothing else", "[policy]") {
  CHECK(only_under("rounding=3", "\\frac{5}{7}", "0.714"));
  CHECK(only_under("rounding=3", "0.714", "\\frac{5}{7}"));
  CHECK(only_under("rounding=4", "12\\pi", "37.70"));
  CHECK(only_under("rounding=4", "\\sqrt{23}", "4.796"));
  CHECK(only_under("rounding=2", "2.468", "2.5"));
  CHECK(only_under("rounding=3", "7.14 \\times 10^{-4}", "\\frac{1}{1400}"));
  CHECK(!under("rounding=4", "\\frac{5}{7}", "0.714"));
  CHECK(!under("rounding=3", "\\frac{5}{7}", "0.715"));
  CHECK(!under("rounding=3", "\\frac{5}{7}", "0.713"));
  CHECK(!under("rounding=1", "\\frac{5}{7}", "\\frac{714}{1000}"));
  CHECK(!under("rounding=1", "12.3", "12"));
  CHECK(!under("rounding=1", "12", "12.3"));
  CHECK(!under("rounding=2", "x + 1.4", "x + \\sqrt{3}"));
}

TEST_CASE("Rounding by a relative difference accepts decimals that near", "[policy]") {
  CHECK(only_under("rounding=1e-3", "\\frac{5}{7}", "0.7148"));
  CHECK(only_under("rounding=1e-2", "x^2 + \\sqrt{3}x", "x^2 + 1.73x"));
  CHECK(only_under("rounding=1e-3", "89.96\\%", "90\\%"));
  CHECK(!under("rounding=1e-3", "\\frac{5}{7}", "0.72"));
  CHECK(!under("rounding=1e-3", "1000", "1001"));
  CHECK(!under("rounding=1e-3", "x^2 + \\sqrt{3}x", "y^2 + 1.732y"));
  CHECK(!under("rounding=1e-3", "2.5", "2.5x"));
  CHECK(!under("rounding=1e-3", "1.5 \\text{ m}", "1.501 \\text{ cm}"));
}

TEST_CASE("Rounding goes into lists, tuples, matrices, intervals and equations", "[policy]") {
  CHECK(only_under("rounding=3", "\\sqrt{7}, \\frac{2}{3}", "0.667, 2.65"));
  CHECK(only_under("rounding=3", "(\\sqrt{7}, 1]", "(2.65, 1]"));
  CHECK(only_under("rounding=3", "\\begin{pmatrix} \\sqrt{7} \\\\ 2 \\end{pmatrix}",
                   "\\begin{bmatrix} 2.65 \\\\ 2 \\end{bmatrix}"));
  CHECK(only_under("rounding=3", "x = \\sqrt{7}", "2.65"));
  CHECK(only_under("rounding=3", "a + b = \\sqrt{7}", "a + b = 2.65"));
  CHECK(!under("rounding=3", "(\\sqrt{7}, 1]", "(2.65, 1)"));
  CHECK(!under("rounding=3", "(\\sqrt{7}, 1)", "(1, 2.65)"));
  CHECK(!under("rounding=3", "\\sqrt{7}, \\sqrt{7}", "2.65, 3"));
  CHECK(!under("rounding=3", "x = \\sqrt{7}", "y = 2.65"));
  CHECK(!under("rounding=3", "a + b = \\sqrt{7}", "a + b < 2.65"));
}

TEST_CASE("A percent sign is read as a value, as a sign, or not at all", "[policy]") {
  CHECK(under("percent=value", "45\\%", "0.45"));
  CHECK(under("percent=value", "\\frac{9}{20}", "45 \\text{ percent}"));
  CHECK(!under("percent=value", "45\\%", "45"));
  CHECK(under("percent=sign", "45\\%", "45"));
  CHECK(!under("percent=sign", "45\\%", "0.45"));
  CHECK(!under("percent=none", "45\\%", "45"));
  CHECK(!under("percent=none", "45\\%", "0.45"));
  for (const char* policy : {"percent=value", "percent=sign", "percent=none"}) {
    CHECK(under(policy, "45\\%", "45.0%"));
    CHECK(!under(policy, "45\\%", "46\\%"));
    CHECK(under(policy, "45", "45.0"));
  }
}

TEST_CASE("A base may be dropped but is never another one", "[policy]") {
  CHECK(only_under("base=dropped", "341_7", "341"));
  CHECK(only_under("base=dropped", "341", "341_{7}"));
  CHECK(!under("base=dropped", "341_7", "341_8"));
  CHECK(!under("base=dropped", "341_7", "342"));
  CHECK(!under("base=dropped", "x_7", "x"));
}

TEST_CASE("Degrees are radians only where the other side has a pi", "[policy]") {
  CHECK(only_under("angle=radians", "\\frac{5\\pi}{6}", "150^\\circ"));
  CHECK(only_under("angle=radians", "72°", "\\frac{2\\pi}{5}"));
  CHECK(!under("angle=radians", "\\frac{5\\pi}{6}", "151^\\circ"));
  CHECK(!under("angle=radians", "\\frac{5\\pi}{6}", "150"));
}

TEST_CASE("Words behind numbers may be missing but do not replace others", "[policy]") {
  CHECK(only_under("units=prose", "5, 9", "5 \\text{ red cars and } 9 \\text{ blue ones}"));
  CHECK(only_under("units=prose", "25w", "25"));
  CHECK(!under("units=prose", "5 \\text{ cm}", "5 \\text{ km}"));
  CHECK(!under("units=prose", "5x", "6"));
}

TEST_CASE("Times of day are the same on a clock of 12 and of 24 hours", "[policy]") {
  CHECK(only_under("time=clock", "17:05", "5:05 \\text{ p.m.}"));
  CHECK(only_under("time=clock", "5:05 PM", "5:05"));
  CHECK(!under("time=clock", "17:05", "5:05 \\text{ a.m.}"));
  CHECK(!under("time=clock", "17:05", "5:06 PM"));
  CHECK(!under("time=clock", "12:30 AM", "12:30 PM"));
}

TEST_CASE("A ratio is the quotient of its parts", "[policy]") {
  CHECK(only_under("ratio=value", "7:4", "\\frac{7}{4}"));
  CHECK(under("ratio=value", "14:8", "7:4"));
  CHECK(!under("ratio=value", "7:4", "4:7"));
}

TEST_CASE("A decimal comma is a point", "[policy]") {
  CHECK(only_under("comma=decimal", "2,75", "2.75"));
  CHECK(only_under("comma=decimal", "812.5", "812,5"));
  CHECK(!under("comma=decimal", "(2,75)", "2.75"));
  CHECK(under("comma=decimal", "1,250", "1250"));
}

TEST_CASE("Of a chain the last value counts", "[policy]") {
  CHECK(only_under("chain=last", "x = 9", "x = 4 + 5 = 8 = 9"));
  CHECK(only_under("chain=last", "14", "t \\approx 14"));
  CHECK(!under("chain=last", "x = 8", "x = 4 + 5 = 8 = 9"));
  CHECK(!under("chain=last", "a = 1, b = 2, c = 3", "a = 1, b = 2, c = 4"));
}

TEST_CASE("A free integer has any of the usual letters", "[policy]") {
  CHECK(only_under("parameter=renamed", "\\frac{\\pi}{4} + k\\pi", "\\frac{\\pi}{4} + n\\pi"));
  CHECK(!under("parameter=renamed", "x^2 + 1", "y^2 + 1"));
  CHECK(!under("parameter=renamed", "k + n", "m + n"));
}

TEST_CASE("An equation is what a symbol of it is", "[policy]") {
  CHECK(only_under("equation=solved", "3y = 6x + 9", "2x + 3"));
  CHECK(only_under("equation=solved", "2x + 3", "y - 3 = 2x"));
  CHECK(!under("equation=solved", "3y = 6x + 9", "6x + 9"));
  CHECK(!under("equation=solved", "x + 1 = 2x - 3", "2x - 3"));
}

TEST_CASE("Where the form is kept a dropped name or bracket is an error", "[policy]") {
  CHECK(under("", "x = 4", "4"));
  CHECK(!under("form=kept", "x = 4", "4"));
  CHECK(!under("form=kept", "(2, 6)", "2, 6"));
  CHECK(!under("form=kept", "12", "12^{\\text{th}}"));
  CHECK(!under("form=kept", "\\frac{1}{3}", "\\frac{1}{3} \\approx 0.33"));
  CHECK(under("form=kept", "\\frac{1}{3}", "\\frac{2}{6}"));
  CHECK(under("form=kept", "x = 4", "x = 4.0"));
}

TEST_CASE("What decides is named: the smallest choice of policies", "[policy]") {
  CHECK(deciding("rounding=3,base=dropped,ratio=value", "2.67", "8:3") ==
        std::vector<std::string>{"rounding=3", "ratio=value"});
  CHECK(deciding("percent=value,base=dropped", "45\\%", "45") ==
        std::vector<std::string>{"percent=value"});
  CHECK(deciding("rounding=3,base=dropped", "7", "7").empty());
  CHECK(deciding("rounding=3,base=dropped", "7", "8").empty());
}

TEST_CASE("A policy is part of the grader's version and stays out of votes", "[policy]") {
  const auto strict = make_answer_grader();
  const auto lenient = make_answer_grader({parse_policy("rounding=2,percent=value").take()});
  CHECK(strict->policy().empty());
  CHECK(lenient->policy() == "rounding=2,percent=value");
  CHECK(lenient->version() == strict->version() + "+rounding=2,percent=value");
  Query query;
  query.id = "q";
  query.gold = "\\frac{5}{7}";
  CHECK(strict->grade(query, {"\\boxed{0.71}"}).verdict == Verdict::kIncorrect);
  const Grade grade = lenient->grade(query, {"\\boxed{0.71}"});
  CHECK(grade.verdict == Verdict::kCorrect);
  CHECK(grade.reason == "equal_by_policy");
  const std::vector<std::string> answers{"0.71", "\\frac{5}{7}", "71\\%", "0.714"};
  CHECK(lenient->clusters(query, answers) == strict->clusters(query, answers));
  query.grader = GraderKind::kInteger;
  query.gold = "3";
  CHECK(lenient->grade(query, {"\\boxed{3.04}"}).verdict == Verdict::kIncorrect);
}

TEST_CASE("A verdict by policy is as sure as what decided it", "[policy]") {
  const auto certainty = [](const char* policy, const char* gold, const char* prediction) {
    const auto verdict =
        compare_under_policy(gold, prediction, GraderKind::kMath, parse_policy(policy).take());
    INFO(policy << " " << gold << " " << prediction << ": " << verdict.reason);
    CHECK(verdict.reason.find("_by_policy") != std::string::npos);
    return verdict.certainty;
  };
  CHECK(certainty("rounding=3", "\\frac{5}{7}", "0.714") == Certainty::kNumeric);
  CHECK(certainty("rounding=1e-2", "x+\\sqrt{3}", "x+1.73") == Certainty::kNumeric);
  CHECK(certainty("base=dropped", "63_8", "63") == Certainty::kCertified);
  CHECK(certainty("angle=radians", "40^\\circ", "\\frac{2\\pi}{9}") == Certainty::kCertified);
  CHECK(certainty("ratio=value", "3:7", "\\frac{3}{7}") == Certainty::kCertified);
  CHECK(certainty("percent=value", "35\\%", "35") == Certainty::kCertified);
  CHECK(certainty("form=kept", "n = 8", "8") == Certainty::kCertified);
}

TEST_CASE("Values that rounding errors have eaten are none", "[policy]") {
  const auto value = [](const char* text) { return approximate(*parse_expression(text)); };
  REQUIRE(value("\\sqrt{2}"));
  CHECK(std::abs(value("\\sqrt{2}")->real() - 1.41421356237309505L) < 1e-17L);
  CHECK(std::abs(value("5!")->real() - 120) < 1e-12L);
  CHECK(!value("10^{20}+1-10^{20}"));
  CHECK(!value("\\frac{1}{1-1}"));
  CHECK(!value("\\ln(0)"));
  CHECK(!value("10^{9999}"));
}

}  // namespace quorum
