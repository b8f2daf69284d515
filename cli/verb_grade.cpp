// quorum grade: grades stored completions again and prints what changed.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "benchmarks/math/grader.h"
#include "cli/interrupt.h"
#include "cli/options.h"
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

// Grades every sample of one setting, in batches that are one transaction each.
struct Regrade {
  Store& store;
  const Grader& grader;
  bool reasons;  // whether another reason alone is a change
  std::stop_token stop;
  std::int64_t graded = 0, gained = 0, lost = 0, other_reason = 0;
  std::vector<Change> changes;

  void run(const SettingInfo& info) {
    std::vector<NewGrade> batch;
    const auto flush = [&] {
      store.put_grades(batch, grader.version(), true);
      batch.clear();
    };
    store.for_each_ungraded(info.id, grader.version(), true, [&](const UngradedSample& sample) {
      Grade grade = grader.grade(sample.query, {sample.text, sample.thinking, sample.truncated});
      std::string version;
      auto before = store.newest_grade(sample.completion, sample.query_id, &version);
      // What stands there already as the newest need not be written again.
      const bool stands = before && version == grader.version() &&
                          before->verdict == grade.verdict && before->answer == grade.answer &&
                          before->reason == grade.reason && before->warning == grade.warning;
      if (!stands) batch.push_back({sample.completion, sample.query_id, grade});
      compare(info.setting, sample, std::move(before), version, std::move(grade));
      ++graded;
      if (batch.size() >= 256) flush();
      return !stop.stop_requested();
    });
    flush();
  }

 private:
  void compare(const Setting& setting, const UngradedSample& sample, std::optional<Grade> before,
               const std::string& version, Grade after) {
    const bool same = before && before->verdict == after.verdict && before->answer == after.answer;
    const bool same_reason =
        before && before->reason == after.reason && before->warning == after.warning;
    if (same && same_reason) return;
    if (same) ++other_reason;
    if (before && is_correct(*before) != is_correct(after)) ++(is_correct(after) ? gained : lost);
    if (same && !reasons) return;
    changes.push_back({setting.model, setting.benchmark, sample.query.id, sample.sample,
                       sample.query.gold, version, std::move(before), std::move(after)});
  }
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
  InterruptWatch interrupt;
  Store store = Store::open(options.db, Store::Mode::kWrite);
  const auto grader = make_answer_grader({policy});
  Regrade regrade{store, *grader, options.reasons, interrupt.token()};
  for (const SettingInfo& info : store.settings({options.models, options.benchmarks, {}}))
    regrade.run(info);

  if (options.common.json) {
    nlohmann::ordered_json changes = nlohmann::ordered_json::array();
    for (const Change& change : regrade.changes) changes.push_back(as_json(change));
    write_data({}, nlohmann::ordered_json{{"grader", grader->version()},
                                          {"graded", regrade.graded},
                                          {"became_correct", regrade.gained},
                                          {"no_longer_correct", regrade.lost},
                                          {"other_reason", regrade.other_reason},
                                          {"changed", changes}}
                           .dump(2) +
                       "\n");
  } else {
    std::string text;
    for (const Change& change : regrade.changes) text += as_text(change);
    text += fmt::format(
        "{} samples graded by {}, {} changed: {} became correct, {} no longer are; {} have the "
        "same answer and verdict for another reason\n",
        regrade.graded, grader->version(),
        static_cast<std::int64_t>(regrade.changes.size()) -
            (options.reasons ? regrade.other_reason : 0),
        regrade.gained, regrade.lost, regrade.other_reason);
    write_data({}, text);
  }
  return interrupt.interrupted() ? exit_code(ErrorKind::kInterrupted) : 0;
}

}  // namespace quorum::cli
