// Parser, equivalence and clusters on any three answers, one a line: verdicts are reflexive and
// symmetric, what cannot be read is equal only as text, classes do not depend on the order.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "benchmarks/math/answer.h"
#include "benchmarks/math/answer_value.h"
#include "benchmarks/math/expression.h"
#include "benchmarks/math/notation.h"
#include "benchmarks/math/relation.h"

namespace {

using quorum::GraderKind;

void require(bool condition, const char* what, const std::string& a, const std::string& b) {
  if (condition) return;
  std::fprintf(stderr, "%s: [%s] [%s]\n", what, a.c_str(), b.c_str());
  std::abort();
}

// Whether a text was read as anything but text.
bool is_read(const std::string& answer) {
  const quorum::AnswerValue value = quorum::parse_answer(answer);
  if (value.type != quorum::AnswerValue::Type::kText || !value.algebra.empty() || value.expression)
    return true;
  const std::string normal = quorum::normalise_notation(answer);
  return quorum::parse_expression(normal) || quorum::split_relations(normal);
}

quorum::EquivalenceVerdict verdict_of(const std::string& a, const std::string& b, GraderKind kind) {
  const quorum::EquivalenceVerdict verdict = quorum::equivalent(a, b, kind);
  require(verdict.equal == (verdict.reason.rfind("equal_", 0) == 0), "reason contradicts", a, b);
  require(verdict.equal == quorum::equivalent(b, a, kind).equal, "not symmetric", a, b);
  return verdict;
}

void check_pair(const std::string& a, const std::string& b) {
  const quorum::EquivalenceVerdict verdict = verdict_of(a, b, GraderKind::kMath);
  if (verdict.equal && verdict.reason != "equal_text" && verdict.reason != "equal_choice")
    require(is_read(a) && is_read(b), "equal without being read", a, b);
}

void check_classes(std::vector<std::string> answers) {
  const std::vector<int> classes = quorum::answer_classes("1", answers, GraderKind::kMath);
  require(classes.size() == answers.size(), "a class is missing", "", "");
  std::vector<std::string> backwards(answers.rbegin(), answers.rend());
  std::vector<int> again = quorum::answer_classes("1", backwards, GraderKind::kMath);
  std::reverse(again.begin(), again.end());
  for (std::size_t i = 0; i < answers.size(); ++i)
    for (std::size_t j = 0; j < answers.size(); ++j) {
      require((classes[i] == classes[j]) == (again[i] == again[j]), "classes depend on the order",
              answers[i], answers[j]);
      require(answers[i] != answers[j] || classes[i] == classes[j], "one answer in two classes",
              answers[i], answers[j]);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> answers = quorum::split(text, '\n');
  if (answers.size() > 3) answers.resize(3);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const std::string& a = answers[i];
    if (!quorum::trim(a).empty() && !quorum::normalise_notation(a).empty())
      require(quorum::equivalent(a, a, GraderKind::kMath).equal, "not reflexive", a, a);
    for (std::size_t j = 0; j < i; ++j) check_pair(a, answers[j]);
  }
  for (const GraderKind kind : {GraderKind::kInteger, GraderKind::kChoice, GraderKind::kExact})
    verdict_of(answers.front(), answers.back(), kind);
  check_classes(answers);
  return 0;
}
