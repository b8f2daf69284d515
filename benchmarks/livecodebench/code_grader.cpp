#include "benchmarks/livecodebench/code_grader.h"

#include <algorithm>
#include <list>
#include <map>
#include <mutex>

#include "base/error.h"
#include "base/sha256.h"
#include "base/text.h"

namespace quorum::code {
namespace {

// Another one whenever a verdict may change: grades of an earlier one are not taken for these.
constexpr const char* kVersion = "code-2";
constexpr std::size_t kSuitesKept = 16;  // parsed suites may be many megabytes
constexpr std::size_t kJudgementsKept = 100'000;

// The newest `most` values by key. Thread-safe.
template <class Value>
class Recent {
 public:
  explicit Recent(std::size_t most) : most_(most) {}

  std::optional<Value> find(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(key);
    if (found == places_.end()) return std::nullopt;
    entries_.splice(entries_.begin(), entries_, found->second);
    return entries_.front().second;
  }

  void put(const std::string& key, Value value) {
    const std::lock_guard lock(mutex_);
    if (places_.count(key) != 0) return;
    entries_.emplace_front(key, std::move(value));
    places_[key] = entries_.begin();
    if (entries_.size() <= most_) return;
    places_.erase(entries_.back().first);
    entries_.pop_back();
  }

 private:
  using Entries = std::list<std::pair<std::string, Value>>;
  std::size_t most_;
  std::mutex mutex_;
  Entries entries_;
  std::map<std::string, typename Entries::iterator> places_;
};

struct KnownSuite {
  std::string hash;
  std::shared_ptr<const TestSuite> suite;
};

class CodeGrader final : public Grader {
 public:
  CodeGrader(const AnswerGraderOptions& answers, const CodeGraderOptions& options)
      : answers_(make_answer_grader(answers)),
        options_(options),
        suites_(kSuitesKept),
        judgements_(kJudgementsKept) {}

  std::string version() const override {
    std::string out = std::string(kVersion) + "+" + modes_text(options_.modes);
    if (options_.extraction == ExtractionRule::kOfficial) out += "+official-code";
    return options_.only_tests ? out : answers_->version() + " " + out;
  }
  std::string policy() const override { return answers_->policy(); }

  Grade grade(const Query& query, const AnswerText& answer) const override {
    if (query.grader != GraderKind::kTests) return answers_->grade(query, answer);
    const KnownSuite known = suite_of(query);
    const SuiteLanguage language = known.suite->language;
    if (language != SuiteLanguage::kPython) need_process(query);
    const ExtractedCode own = extract_code(options_.extraction, answer, language);
    Grade grade;
    std::vector<std::string> reasons, remarks;
    for (const Mode mode : options_.modes) {
      if (mode == Mode::kLcbOfficial &&
          (language == SuiteLanguage::kCpp || own.language != sandbox::Language::kPython))
        continue;
      const ExtractedCode extracted =
          mode == Mode::kLcbOfficial ? extract_code(ExtractionRule::kOfficial, answer) : own;
      const bool first = reasons.empty();
      // The official rule takes an empty program for none.
      if (!extracted.program || trim(*extracted.program).empty()) {
        const std::string why = extracted.reason.empty() ? "no_code" : extracted.reason;
        reasons.push_back(mode_name(mode) + ":" + why);
        if (first) grade.verdict = Verdict::kNoAnswer;
        continue;
      }
      const Judgement judgement =
          judge_once(query, known, mode, {extracted.language, *extracted.program});
      reasons.push_back(describe(mode, judgement));
      if (!judgement.detail.empty()) remarks.push_back(mode_name(mode) + ": " + judgement.detail);
      if (!first) continue;
      grade.verdict =
          judgement.verdict == ProgramVerdict::kAccepted ? Verdict::kCorrect : Verdict::kIncorrect;
      grade.answer = *extracted.program;
    }
    if (!known.suite->known_bad.empty()) reasons.push_back("known-bad");
    grade.reason = join(reasons, " ");
    if (!known.suite->known_bad.empty()) remarks.push_back("known bad: " + known.suite->known_bad);
    grade.warning = join(remarks, "; ");
    return grade;
  }

  std::vector<int> clusters(const Query& query,
                            std::span<const std::string> answers) const override {
    if (query.grader != GraderKind::kTests) return answers_->clusters(query, answers);
    // Programs are the same answer when they are the same text: nothing votes for a behaviour.
    std::map<std::string_view, int> numbers;
    std::vector<int> out;
    for (const std::string& answer : answers)
      out.push_back(
          numbers.emplace(program_text(answer), static_cast<int>(numbers.size())).first->second);
    return out;
  }

 private:
  void need_process(const Query& query) const {
    if (std::find(options_.modes.begin(), options_.modes.end(), Mode::kProcess) !=
        options_.modes.end())
      return;
    throw Error(ErrorKind::kUsage, "query " + query.id + " allows C++, lcb-official runs Python",
                "only lcb-official is asked for", "add process: --tests-mode process");
  }

  static std::string_view program_text(const std::string& program) { return trim(program); }

  static std::string describe(Mode mode, const Judgement& judgement) {
    std::string out = mode_name(mode) + ":" + verdict_code(judgement.verdict);
    if (judgement.verdict != ProgramVerdict::kAccepted)
      out += "@" + std::to_string(judgement.test + 1) + "/" + std::to_string(judgement.tests);
    return out;
  }

  KnownSuite suite_of(const Query& query) const {
    const std::string hash = Sha256().field("tests").field(query.tests_json).hex();
    if (auto known = suites_.find(hash)) return *known;
    Result<TestSuite> suite = parse_test_suite(query.tests_json);
    if (!suite.ok())
      throw Error(ErrorKind::kData, "the tests of query " + query.id + " cannot be read",
                  suite.error().what(), "open the benchmark again from its files");
    KnownSuite known{hash, std::make_shared<const TestSuite>(std::move(suite).value())};
    suites_.put(hash, known);
    return known;
  }

  Judgement judge_once(const Query& query, const KnownSuite& known, Mode mode,
                       const sandbox::Program& program) const {
    const std::string key =
        Sha256().field(mode_name(mode)).field(known.hash).field(program.hash()).hex();
    if (auto judged = judgements_.find(key)) return *judged;
    if (options_.runner == nullptr)
      throw Error(ErrorKind::kEnvironment, "query " + query.id + " is graded by running programs",
                  "no sandbox is open", "quorum doctor says what this machine lacks");
    JudgeResult result = judge(*options_.runner, mode, *known.suite, program, options_.limits);
    if (const auto* failure = std::get_if<sandbox::InfraFailure>(&result))
      throw Error(ErrorKind::kEnvironment, "the sandbox failed on query " + query.id, failure->what,
                  "the same command again grades what is missing");
    const Judgement& judgement = std::get<Judgement>(result);
    judgements_.put(key, judgement);
    return judgement;
  }

  std::shared_ptr<const Grader> answers_;
  CodeGraderOptions options_;
  mutable Recent<KnownSuite> suites_;
  mutable Recent<Judgement> judgements_;
};

}  // namespace

std::string modes_text(const std::vector<Mode>& modes) {
  std::vector<std::string> names;
  for (const Mode mode : modes) names.push_back(mode_name(mode));
  return join(names, ",");
}

Result<std::vector<Mode>> parse_modes(const std::string& text) {
  std::vector<Mode> modes;
  for (const std::string& name : split(text, ',')) {
    const auto mode = parse_mode(name);
    if (!mode || std::find(modes.begin(), modes.end(), *mode) != modes.end())
      return Error(
          ErrorKind::kUsage,
          mode ? "the mode " + name + " is named twice" : "there is no mode \"" + name + "\"",
          "the modes are process and lcb-official; the first decides",
          "for example process,lcb-official");
    modes.push_back(*mode);
  }
  return modes;
}

std::optional<ProgramVerdict> verdict_in_reason(const std::string& reason, Mode mode) {
  for (const std::string& word : split(reason, ' ')) {
    const std::string prefix = mode_name(mode) + ":";
    if (word.compare(0, prefix.size(), prefix) != 0) continue;
    const std::string rest = word.substr(prefix.size());
    return parse_verdict_code(rest.substr(0, rest.find('@')));
  }
  return std::nullopt;
}

std::shared_ptr<const Grader> make_code_grader(const AnswerGraderOptions& answers,
                                               const CodeGraderOptions& options) {
  return std::make_shared<CodeGrader>(answers, options);
}

}  // namespace quorum::code
