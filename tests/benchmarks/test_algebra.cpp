// The algebra of answers: what has one canonical form, and that equal forms are equal numbers.
#include <cmath>
#include <complex>
#include <map>
#include <string>
#include <vector>

#include "base/philox.h"
#include "benchmarks/math/algebra.h"
#include "benchmarks/math/answer.h"
#include "support/catch.h"

using namespace quorum;

namespace {

std::string key(const std::string& text) {
  const auto expression = parse_expression(text);
  const auto form = expression ? algebraic_form(*expression) : std::nullopt;
  return form ? form->key : "no form of " + text;
}

bool same(const std::string& gold, const std::string& prediction) {
  const auto one = [](const std::string& a, const std::string& b) {
    return equivalent(a, b, GraderKind::kMath).equal;
  };
  const bool equal = one(gold, prediction);
  CHECK(one(prediction, gold) == equal);
  return equal;
}

// A random expression, as text and as its value at a point.
struct Random {
  PhiloxStream stream;
  std::vector<double> point;
  explicit Random(std::uint64_t seed) : stream(seed) {}

  using Value = std::complex<double>;
  std::pair<std::string, Value> make(int depth) {
    const auto pick = [&](std::uint32_t below) { return static_cast<int>(stream.below(below)); };
    if (depth == 0) {
      switch (pick(4)) {
        case 0: return {"x", point[0]};
        case 1: return {"y", point[1]};
        case 2: {
          const int n = 1 + pick(4);
          return {std::to_string(n), n};
        }
        default: {
          const int n = 2 + pick(7);
          return {"\\sqrt{" + std::to_string(n) + "}", std::sqrt(n)};
        }
      }
    }
    const auto [a, u] = make(depth - 1);
    const auto [b, v] = make(depth - 1);
    switch (pick(7)) {
      case 0: return {"(" + a + "+" + b + ")", u + v};
      case 1: return {"(" + a + "-" + b + ")", u - v};
      case 2: return {"(" + a + ")(" + b + ")", u * v};
      case 3: return {"\\frac{" + a + "}{" + b + "}", u / v};
      case 4: return {"(" + a + ")^{2}", u * u};
      case 5: return {"(-(" + a + ")+i)", -u + Value(0, 1)};
      default: return {"(" + a + ")^{-1}", 1.0 / u};
    }
  }
};

}  // namespace

TEST_CASE("Expressions that differ in form only have one key", "[algebra]") {
  const std::vector<std::vector<std::string>> classes = {
      {"a^2-b^2", "(a-b)(a+b)", "-(b-a)(b+a)", "\\frac{a^4-b^4}{a^2+b^2}"},
      {"\\frac{3x-1}{4}", "0.75x-0.25", "\\frac{3}{4}x-\\frac{1}{4}", "(3\\cdot x-1)/4"},
      {"\\sqrt{50}", "5\\sqrt{2}", "\\frac{10}{\\sqrt{2}}", "50^{1/2}", "\\sqrt{2}\\sqrt{25}"},
      {"\\frac{1}{\\sqrt{5}-2}", "\\sqrt{5}+2"},
      {"(3+i)(3-i)", "10", "\\sqrt{-100}\\cdot(-i)"},
      {"\\sqrt[3]{54}", "3\\sqrt[3]{2}", "3\\cdot 2^{1/3}", "\\frac{6}{\\sqrt[3]{4}}"},
      {"\\sqrt{12x}", "2\\sqrt{3}\\sqrt{x}", "2\\sqrt{3x}"},
      {"\\ln 12", "2\\ln 2+\\ln 3", "\\ln 24-\\ln 2"},
      {"\\frac{\\log 8}{\\log 4}", "\\frac{3}{2}", "\\log_{4} 8"},
      {"2^{n+3}", "8\\cdot 2^n", "\\frac{8}{2^{-n}}"},
      {"e^{3}\\cdot e", "exp(4)", "e^{4}"},
      {"\\sin(a-b)", "-\\sin(b-a)"},
      {"\\binom{6}{2}", "15", "5!/8"},
      {"\\pi r^2", "r^{2}\\pi"},
      {"x_{1}+x_2", "x_2+x_1"},
  };
  std::map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    for (const std::string& text : classes[i]) {
      INFO(text);
      CHECK(key(text) == key(classes[i][0]));
      const auto [at, fresh] = seen.emplace(key(text), i);
      CHECK(at->second == i);
      static_cast<void>(fresh);
    }
  }
}

TEST_CASE("What can be read in two ways, or is no expression, is not read", "[algebra]") {
  for (const char* text :
       {"1/2x", "x^12", "2\\frac{1}{2}",   "f^{-1}(x)", "AB",        "north", "x+",   "(x",
        "x)",   "x^",   "\\frac{1}",       "3 4",       "x--1",      "\\sin", "a_",   "x^2^3",
        "||x",  "5!!",  "\\sin^{-1} x y(", "",          "\\text{x}", "x=1",   "1..2", "|x",
        "f(x",  "f()",  "\\lfloor x",      "x^\\circ 2"}) {
    INFO(text);
    CHECK(!parse_expression(text).has_value());
  }
}

TEST_CASE("What is not defined or too large has no form", "[algebra]") {
  std::string deep = "x", wide = "1";
  for (int i = 0; i < 100; ++i) deep = "(" + deep + ")";
  for (int i = 0; i < 200; ++i) wide += "+x";
  for (const std::string& text :
       {std::string("\\frac{1}{x-x}"), std::string("0^{0}"), std::string("\\ln 0"),
        std::string("(x+y+z+a+b+c)^{40}"), std::string("2^{100000}"), std::string("9^{9^{9^{9}}}"),
        std::string("\\frac{(a+b+c+d+1)^9}{(a+b+c+x+1)^9}+x"), deep, wide + wide}) {
    INFO(text);
    CHECK(key(text).rfind("no form", 0) == 0);
  }
}

TEST_CASE("Random expressions of one form have one value", "[algebra]") {
  // Small ones, so that many meet.
  std::map<std::string, std::vector<std::pair<std::string, std::vector<std::complex<double>>>>> all;
  int formed = 0, met = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    std::string text;
    std::vector<std::complex<double>> values;
    for (const auto& point : {std::vector<double>{1.37, 0.61}, {-0.83, 2.19}}) {
      Random random(seed);
      random.point = point;
      const auto [made, value] = random.make(2);
      text = made;
      values.push_back(value);
    }
    const std::string form = key(text);
    if (form.rfind("no form", 0) == 0) continue;
    ++formed;
    auto& others = all[form];
    for (const auto& [other, its] : others) {
      ++met;
      INFO(text << " and " << other);
      bool close = true;
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(std::abs(values[i])) || !std::isfinite(std::abs(its[i]))) continue;
        close = close && std::abs(values[i] - its[i]) <= 1e-7 * (1 + std::abs(values[i]));
      }
      CHECK(close);
    }
    if (others.size() < 3) others.emplace_back(text, values);
  }
  CHECK(formed > 3500);
  CHECK(met > 500);
}

TEST_CASE("Equations are equal up to moving terms and a factor", "[algebra]") {
  CHECK(same("3x-6y=9", "y=\\frac{x-3}{2}"));
  CHECK(same("x^2+y^2=4", "\\frac{x^2}{4}+\\frac{y^2}{4}=1"));
  CHECK(same("y=2x", "2x-y=0"));
  CHECK(!same("y=2x", "y=2x+1"));
  CHECK(!same("y=2x", "y=-2x"));
  CHECK(!same("x^2=4", "x=2"));
  CHECK(!same("2x+1=0", "2x+1"));
  // Votes are compared by the keys of their equations alone.
  const std::vector<std::string> votes = {"3x-6y=9", "2x-4y-6=0", "6y-3x+9=0", "3x+6y=9"};
  CHECK(answer_classes("1", votes, GraderKind::kMath) == std::vector<int>{0, 0, 0, 1});
}

TEST_CASE("Solved inequalities are intervals", "[algebra]") {
  CHECK(same("x<3", "(-\\infty,3)"));
  CHECK(same("3>x", "x\\in(-\\infty,3)"));
  CHECK(same("\\sqrt{3}\\le t", "[\\sqrt{3},+\\infty)"));
  CHECK(same("-1<k\\leq\\frac{1}{2}", "(-1,0.5]"));
  CHECK(same("x<1\\text{ or }x\\ge 2", "(-\\infty,1)\\cup[2,\\infty)"));
  CHECK(!same("x<3", "x\\le 3"));
  CHECK(!same("x<3", "y<3"));
  CHECK(!same("x<3", "x>3"));
  CHECK(!same("x<1\\text{ and }x\\ge 2", "(-\\infty,1)\\cup[2,\\infty)"));
  CHECK(!same("a<b", "(-\\infty,b)"));
}

TEST_CASE("Plus and minus are two numbers", "[algebra]") {
  CHECK(same("2\\pm\\sqrt{3}", "2-\\sqrt{3},2+\\sqrt{3}"));
  CHECK(same("\\pm 4", "4,-4"));
  CHECK(same("x=\\pm 4", "4\\text{ and }-4"));
  CHECK(same("\\{0,\\pm 4\\}", "\\{-4,0,4\\}"));
  CHECK(!same("\\pm 4", "4"));
  CHECK(!same("2\\pm\\sqrt{3}", "2+\\sqrt{3}"));
}

TEST_CASE("Votes for one expression are one class, whatever its form", "[algebra]") {
  const std::vector<std::string> answers = {"(x+1)^2",  "x^2+2x+1",  "x^2+1",
                                            "1+x(x+2)", "\\sqrt{8}", "2\\sqrt{2}"};
  CHECK(answer_classes("x", answers, GraderKind::kMath) == std::vector<int>{0, 0, 1, 0, 2, 2});
}
