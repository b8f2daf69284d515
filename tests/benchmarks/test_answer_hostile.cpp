// Answers that make other graders hang.
#include <time.h>

#include <algorithm>
#include <string>
#include <vector>

#include "benchmarks/math/answer.h"
#include "benchmarks/math/exact_decider.h"
#include "support/catch.h"
#include "support/test_data.h"

namespace quorum {
namespace {

std::string repeat(std::string_view piece, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += piece;
  return out;
}

std::string nested(std::string_view open, std::string_view middle, std::string_view close,
                   int times) {
  return repeat(open, times) + std::string(middle) + repeat(close, times);
}

// Slower machines and sanitizers get more time; a hang is a hang everywhere.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kLimitMs = 3000;
#else
constexpr double kLimitMs = 250 - ExactDeciderLimits::kWallMs;
#endif

double thread_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

// The fastest of some tries, in processor time of this thread, because other programs may have the
// processor; what Calcium may take besides is bounded by its deadline.
double fastest_ms(const std::string& gold, const std::string& answer, EquivalenceVerdict& verdict) {
  double best = 1e9;
  for (int i = 0; i < 4 && best > kLimitMs; ++i) {
    const double begin = thread_ms();
    verdict = equivalent(gold, answer, GraderKind::kMath);
    best = std::min(best, thread_ms() - begin);
  }
  return best;
}

}  // namespace

TEST_CASE("Inputs that make graders hang are decided within the limit") {
  set_exact_decider_program(testing::program_path().string());
  const std::vector<std::string> inputs = {"10^{10^{10}}",
                                           "2^{2^{2^{49}}}",
                                           "10^(10^10)",
                                           "100000000!",
                                           "((10!)!)!",
                                           "\\binom{10^8}{5\\cdot 10^7}",
                                           "(1+\\sqrt2)^{10^9}",
                                           "\\sum_{k=1}^{10^9}1/k^2",
                                           "\\int_0^1 \\frac{\\sin(x^x)}{1+\\cos^5 x}dx",
                                           repeat("{", 5000),
                                           repeat("(", 2000),
                                           nested("\\frac{1}{1+", "x", "}", 300),
                                           repeat("7", 100'000),
                                           repeat("3", 4000),
                                           "(x+y+z+w)^{200}",
                                           nested("\\sqrt{2+", "5", "}", 16),
                                           "\\sqrt{2}+\\sqrt{3}+\\sqrt{5}+\\sqrt{7}+\\sqrt{11}+"
                                           "\\sqrt{13}+\\sqrt{17}+\\sqrt{19}+\\sqrt{23}",
                                           "9^{9^{9^{9}}}",
                                           "(((((n!)!)!)!)!)",
                                           "e^{e^{e^{e^{e}}}}",
                                           nested("\\sin(", "x", ")", 36),
                                           "(2^{1/97}+3^{1/89})^{50}",
                                           "\\tan(10^{30})",
                                           "\\prod_{n=1}^{10^{9}}(1+\\frac{1}{n})",
                                           "10^{-10^{10}}"};
  for (const std::string& input : inputs) {
    const std::vector<std::pair<std::string, bool>> others = {
        {"1", false},
        {"x+1", false},
        {"10^{10^{11}}", false},
        {"\\frac{1}{3}\\cdot(" + input + ")", false},
        {"(" + input + ")+1", false},
        {input, true}};
    for (const auto& [other, equal] : others) {
      EquivalenceVerdict verdict;
      const double ms = fastest_ms(input, other, verdict);
      INFO(input.substr(0, 60) << " | " << other.substr(0, 60) << ": " << verdict.reason << ", "
                               << ms << " ms");
      CHECK(ms < kLimitMs);
      CHECK(verdict.equal == equal);
    }
  }
}

TEST_CASE("Long lists of hard elements end within the limit") {
  set_exact_decider_program(testing::program_path().string());
  std::string radicals, reversed, sines, doubled;
  for (int i = 1; i <= 60; ++i) {
    const std::string n = std::to_string(i), m = std::to_string(61 - i);
    const std::string comma = i == 1 ? "" : ",";
    radicals += comma + "\\sqrt{" + n + "+\\sqrt{" + n + "+\\sqrt{3}}}";
    reversed += comma + "\\sqrt{1\\cdot " + m + "+\\sqrt{\\sqrt{3}+" + m + "}}";
    sines += comma + "\\sin(" + n + "x)^{}";
    doubled += comma + "2\\sin(\\frac{" + n + "x}{2})\\cos(\\frac{" + n + "x}{2})";
  }
  EquivalenceVerdict verdict;
  CHECK(fastest_ms(radicals, reversed, verdict) < kLimitMs);
  CHECK(fastest_ms(sines, doubled, verdict) < kLimitMs);
  std::string points, pieces = "\\begin{cases}", conditions, roots;
  for (int i = 0; i < 64; ++i) {
    const std::string n = std::to_string(i);
    points += (i == 0 ? "\\{" : "\\cup\\{") + n + ",100\\}";
    conditions += (i == 0 ? "x<0" : "\\text{ or }x=" + n);
    pieces += "x+" + n + "&x=" + n + "\\\\";
    roots += "\\sqrt ";
  }
  pieces += "\\end{cases}";
  for (const std::string& input : {points, pieces, conditions, roots}) {
    INFO(input.substr(0, 60));
    CHECK(fastest_ms(input, "5", verdict) < kLimitMs);
    CHECK(!verdict.equal);
  }
  std::vector<std::string> votes;
  for (int i = 0; i < 64; ++i)
    votes.push_back("\\sqrt{" + std::to_string(i + 2) + "+\\sqrt{2+\\sqrt{" + std::to_string(i) +
                    "+\\sin(x)}}}");
  const double begin = thread_ms();
  const std::vector<int> classes = answer_classes("1", votes, GraderKind::kMath);
  CHECK(thread_ms() - begin < 4 * kLimitMs);
  CHECK(classes.back() == 63);
}

}  // namespace quorum
