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

struct Change {
  std::string model, benchmark, query;
  int sample = 0;
  std::string before, after, answer;
};

std::string describe(const Grade& grade) {
  return fmt::format("{} ({})", verdict_name(grade.verdict), grade.reason);
}

// Grades every sample of one setting, in batches that are one transaction each.
struct Regrade {
  Store& store;
  const Grader& grader;
  std::stop_token stop;
  std::int64_t graded = 0;
  std::vector<Change> changes;

  void run(const SettingInfo& info) {
    std::vector<NewGrade> batch;
    const auto flush = [&] {
      store.put_grades(batch, grader.version());
      batch.clear();
    };
    store.for_each_ungraded(info.id, grader.version(), true, [&](const UngradedSample& sample) {
      const Grade grade =
          grader.grade(sample.query, {sample.text, sample.thinking, sample.truncated});
      const auto before = store.newest_grade(sample.completion, sample.query_id);
      if (!before || before->verdict != grade.verdict || before->answer != grade.answer)
        changes.push_back({info.setting.model, info.setting.benchmark, sample.query.id,
                           sample.sample, before ? describe(*before) : "not graded",
                           describe(grade), grade.answer.value_or("")});
      batch.push_back({sample.completion, sample.query_id, grade});
      ++graded;
      if (batch.size() >= 256) flush();
      return !stop.stop_requested();
    });
    flush();
  }
};

}  // namespace

int grade_verb(const GradeOptions& options) {
  InterruptWatch interrupt;
  Store store = Store::open(options.db, Store::Mode::kWrite);
  const auto grader = make_answer_grader();
  Regrade regrade{store, *grader, interrupt.token()};
  for (const SettingInfo& info : store.settings({options.models, options.benchmarks, {}}))
    regrade.run(info);

  if (options.common.json) {
    nlohmann::ordered_json changes = nlohmann::ordered_json::array();
    for (const Change& c : regrade.changes)
      changes.push_back({{"model", c.model},
                         {"benchmark", c.benchmark},
                         {"query", c.query},
                         {"sample", c.sample},
                         {"before", c.before},
                         {"after", c.after},
                         {"answer", sanitize_utf8(c.answer)}});
    write_data({},
               nlohmann::ordered_json{
                   {"grader", grader->version()}, {"graded", regrade.graded}, {"changed", changes}}
                       .dump(2) +
                   "\n");
  } else {
    std::string text;
    for (const Change& c : regrade.changes)
      text += fmt::format("{} {} {} #{}: {} -> {}  {}\n", c.model, c.benchmark, c.query, c.sample,
                          c.before, c.after, sanitize_utf8(c.answer));
    text += fmt::format("{} samples graded by {}, {} changed\n", regrade.graded, grader->version(),
                        regrade.changes.size());
    write_data({}, text);
  }
  return interrupt.interrupted() ? exit_code(ErrorKind::kInterrupted) : 0;
}

}  // namespace quorum::cli
