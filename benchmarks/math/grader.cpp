#include "benchmarks/math/grader.h"

#include "base/error.h"
#include "base/text.h"
#include "benchmarks/math/answer.h"
#include "benchmarks/math/comparison.h"
#include "benchmarks/math/extraction.h"
#include "benchmarks/math/thought.h"

namespace quorum {
namespace {

// Another one whenever a verdict may change: grades of an earlier one are not taken for these.
constexpr const char* kVersion = "math-5";

// For letters and exact texts a final text of one line is the answer itself.
void take_single_line(const Query& query, const AnswerText& answer, Extraction& extraction) {
  if (extraction.answer && !extraction.from_think) return;
  if (extraction.reason != "no_answer" && !extraction.from_think) return;
  if (answer.truncated) return;
  const ThoughtSplit split = split_thought(answer);
  if (split.unfinished) return;
  const std::string_view line = trim(split.final_text);
  if (line.empty() || line.size() > kMaxAnswerBytes || line.find('\n') != std::string_view::npos)
    return;
  if (query.grader == GraderKind::kChoice && !choice_letter(line)) return;
  extraction = Extraction{};
  extraction.answer = std::string(line);
  extraction.reason = "single_line";
}

class AnswerGrader final : public Grader {
 public:
  explicit AnswerGrader(const AnswerGraderOptions& options)
      : options_(options), policy_(to_text(options.policy)) {}

  std::string version() const override {
    return policy_.empty() ? kVersion : std::string(kVersion) + "+" + policy_;
  }
  std::string policy() const override { return policy_; }

  Grade grade(const Query& query, const AnswerText& answer) const override {
    if (query.grader == GraderKind::kTests) {
      throw Error(ErrorKind::kEnvironment, "query " + query.id + " is graded by running programs",
                  "this build has no sandbox to run them in",
                  "use the graders integer, math, choice or exact");
    }
    Extraction extraction = extract_answer(answer);
    if (query.grader == GraderKind::kChoice || query.grader == GraderKind::kExact) {
      take_single_line(query, answer, extraction);
    }
    Grade grade;
    if (!extraction.answer) {
      grade.reason = extraction.reason;
      return grade;
    }
    const EquivalenceVerdict verdict =
        compare_under_policy(query.gold, *extraction.answer, query.grader, options_.policy);
    grade.verdict = verdict.equal ? Verdict::kCorrect : Verdict::kIncorrect;
    grade.reason = verdict.reason;
    grade.answer = std::move(extraction.answer);
    grade.warning = std::move(extraction.reason);
    return grade;
  }

  std::vector<int> clusters(const Query& query,
                            std::span<const std::string> answers) const override {
    return answer_classes(query.gold, answers, query.grader);
  }

 private:
  AnswerGraderOptions options_;
  std::string policy_;
};

}  // namespace

std::shared_ptr<const Grader> make_answer_grader(const AnswerGraderOptions& options) {
  return std::make_shared<AnswerGrader>(options);
}

}  // namespace quorum
