// quorum grade: grades stored completions again and prints what changed.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"
#include "benchmarks/math/grader.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/programs.h"
#include "cli/stdio.h"
#include "harness/store.h"

namespace quorum::cli {
namespace {

// A sample whose grade is another one than before.
struct Change {
  std::string model, benchmark, query;
  int sample = 0;
  std::string gold, version;  // the grader of `before`
  std::optional<Grade> before;
  Grade after;
};

std::string describe(const Grade& grade) {
  return fmt::format("{} ({})", verdict_name(grade.verdict), grade.reason);
}

bool is_correct(const Grade& grade) { return grade.verdict == Verdict::kCorrect; }

struct Totals {
  std::int64_t graded = 0, gained = 0, lost = 0, other_reason = 0, failed = 0;
  std::vector<Change> changes;
  std::vector<std::string> graders;  // that graded something, each once
  std::string failure;               // the first
};

// Grades every sample of one setting, in batches that are one transaction each.
class Regrade {
 public:
  // `reasons`: whether another reason alone is a change. Borrows all but the token.
  Regrade(Store& store, const Grader& grader, bool reasons, int threads, std::stop_token stop,
          Totals& totals)
      : store_(store),
        grader_(grader),
        reasons_(reasons),
        threads_(threads),
        stop_(std::move(stop)),
        totals_(totals) {}

  void run(const SettingInfo& info) {
    std::vector<UngradedSample> waiting;
    store_.for_each_ungraded(info.id, grader_.version(), true, [&](UngradedSample sample) {
      waiting.push_back(std::move(sample));
      if (waiting.size() >= grade_batch(threads_)) grade_waiting(info, waiting);
      return !stop_.stop_requested();
    });
    grade_waiting(info, waiting);
    flush();
    auto& graders = totals_.graders;
    if (std::find(graders.begin(), graders.end(), grader_.version()) == graders.end())
      graders.push_back(grader_.version());
  }

 private:
  void flush() {
    store_.put_grades(batch_, grader_.version(), true);
    batch_.clear();
  }

  void grade_waiting(const SettingInfo& info, std::vector<UngradedSample>& waiting) {
    if (stop_.stop_requested()) return waiting.clear();
    std::vector<GradeTask> tasks;
    for (UngradedSample& sample : waiting)
      tasks.push_back(
          {std::move(sample.query), std::move(sample.text), sample.thinking, sample.truncated});
    std::vector<GradeOrError> grades = grade_all(grader_, tasks, threads_, stop_);
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      waiting[i].query = std::move(tasks[i].query);
      if (const auto* why = std::get_if<std::string>(&grades[i])) {
        // What an interruption ended is left for the next time.
        if (!stop_.stop_requested() && totals_.failed++ == 0) totals_.failure = *why;
      } else {
        keep(info, waiting[i], std::get<Grade>(std::move(grades[i])));
      }
    }
    waiting.clear();
    if (batch_.size() >= 256) flush();
  }

  void keep(const SettingInfo& info, const UngradedSample& sample, Grade grade) {
    std::string version;
    auto before = store_.newest_grade(sample.completion, sample.query_id, &version);
    // What stands there already as the newest need not be written again.
    const bool stands = before && version == grader_.version() &&
                        before->verdict == grade.verdict && before->answer == grade.answer &&
                        before->reason == grade.reason && before->warning == grade.warning;
    if (!stands) batch_.push_back({sample.completion, sample.query_id, grade});
    compare(info.setting, sample, std::move(before), version, std::move(grade));
    ++totals_.graded;
  }

  void compare(const Setting& setting, const UngradedSample& sample, std::optional<Grade> before,
               const std::string& version, Grade after) {
    const bool same = before && before->verdict == after.verdict && before->answer == after.answer;
    const bool same_reason =
        before && before->reason == after.reason && before->warning == after.warning;
    if (same && same_reason) return;
    if (same) ++totals_.other_reason;
    if (before && is_correct(*before) != is_correct(after))
      ++(is_correct(after) ? totals_.gained : totals_.lost);
    if (same && !reasons_) return;
    totals_.changes.push_back({setting.model, setting.benchmark, sample.query.id, sample.sample,
                               sample.query.gold, version, std::move(before), std::move(after)});
  }

  Store& store_;
  const Grader& grader_;
  bool reasons_;
  int threads_;
  std::stop_token stop_;
  Totals& totals_;
  std::vector<NewGrade> batch_;
};

nlohmann::ordered_json as_json(const Change& c) {
  const auto text = [](const std::optional<std::string>& answer) {
    return answer ? nlohmann::ordered_json(sanitize_utf8(*answer)) : nlohmann::ordered_json();
  };
  nlohmann::ordered_json entry{{"model", c.model},
                               {"benchmark", c.benchmark},
                               {"query", c.query},
                               {"sample", c.sample},
                               {"gold", sanitize_utf8(c.gold)},
                               {"before", c.before ? describe(*c.before) : "not graded"},
                               {"after", describe(c.after)},
                               {"answer", sanitize_utf8(c.after.answer.value_or(""))}};
  if (c.before) {
    entry["before_grader"] = c.version;
    entry["before_verdict"] = verdict_name(c.before->verdict);
    entry["before_answer"] = text(c.before->answer);
    entry["before_reason"] = c.before->reason;
    entry["before_warning"] = c.before->warning;
  }
  entry["after_verdict"] = verdict_name(c.after.verdict);
  entry["after_answer"] = text(c.after.answer);
  entry["after_reason"] = c.after.reason;
  entry["after_warning"] = c.after.warning;
  return entry;
}

std::string as_text(const Change& c) {
  const auto answer = [](const Grade& grade) {
    return grade.answer ? sanitize_utf8(*grade.answer) : std::string("-");
  };
  std::string text = fmt::format("{} {} {} #{}  gold {}\n", c.model, c.benchmark, c.query, c.sample,
                                 sanitize_utf8(c.gold));
  if (c.before)
    text += fmt::format("  {:<8} {:<32} {}\n", c.version, describe(*c.before), answer(*c.before));
  else
    text += "  not graded before\n";
  return text + fmt::format("  {:<8} {:<32} {}\n", "now", describe(c.after), answer(c.after));
}

}  // namespace

int grade_verb(const GradeOptions& options) {
  const Policy policy = parse_policy(options.policy).take();
  const auto programs = std::make_shared<Programs>(options.programs);
  code::CodeGraderOptions code = code_options(options.programs, programs);
  InterruptWatch interrupt;
  const std::stop_callback end_programs(interrupt.token(), [&] { programs->stop(); });
  Store store = Store::open(options.db, Store::Mode::kWrite);
  const std::vector<SettingInfo> settings =
      store.settings({options.models, options.benchmarks, {}});
  Totals totals;
  if (settings.empty()) totals.graders.push_back(make_answer_grader({policy})->version());
  for (const SettingInfo& info : settings) {
    const std::vector<Query> queries = store.queries(info.id, false);
    const bool tests = has_tests(queries);
    code.only_tests = only_tests(queries);
    programs->open_for(queries);
    const auto grader =
        tests ? code::make_code_grader({policy}, code) : make_answer_grader({policy});
    Regrade(store, *grader, options.reasons, tests ? programs->threads() : 1, interrupt.token(),
            totals)
        .run(info);
  }

  const std::string graders = join(totals.graders, ", ");
  if (options.common.json) {
    nlohmann::ordered_json changes = nlohmann::ordered_json::array();
    for (const Change& change : totals.changes) changes.push_back(as_json(change));
    write_data({}, nlohmann::ordered_json{{"grader", graders},
                                          {"graded", totals.graded},
                                          {"not_graded", totals.failed},
                                          {"became_correct", totals.gained},
                                          {"no_longer_correct", totals.lost},
                                          {"other_reason", totals.other_reason},
                                          {"changed", changes}}
                           .dump(2) +
                       "\n");
  } else {
    std::string text;
    for (const Change& change : totals.changes) text += as_text(change);
    text += fmt::format(
        "{} samples graded by {}, {} changed: {} became correct, {} no longer are; {} have the "
        "same answer and verdict for another reason\n",
        totals.graded, graders,
        static_cast<std::int64_t>(totals.changes.size()) -
            (options.reasons ? totals.other_reason : 0),
        totals.gained, totals.lost, totals.other_reason);
    write_data({}, text);
  }
  if (interrupt.interrupted()) return exit_code(ErrorKind::kInterrupted);
  if (totals.failed == 0) return 0;
  remark(false, fmt::format("INCOMPLETE: {} samples could not be graded and keep their grades",
                            totals.failed));
  remark(false, "because: " + totals.failure);
  remark(false, "try: the same command again");
  return exit_code(ErrorKind::kIncomplete);
}

}  // namespace quorum::cli
