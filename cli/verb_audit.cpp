// quorum audit: grades completions that another grader has judged and lists where the two disagree.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"
#include "benchmarks/math/grader.h"
#include "benchmarks/registry.h"
#include "cli/environment.h"
#include "cli/imported.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/programs.h"
#include "cli/stdio.h"
#include "harness/store.h"

namespace quorum::cli {
namespace {

using Json = nlohmann::ordered_json;

// Where a completion comes from; what does not apply is empty.
struct Origin {
  std::string model, benchmark, query, file;
  int row = 0, sample = 0;
};

struct Disagreement {
  Origin origin;
  std::string gold;
  Label label;
  Grade grade;
};

struct Audit {
  // `used`: of all kinds of answers, borrowed. `name`: the version of what grades.
  Audit(const Grader& used, std::string name) : grader(used), version(std::move(name)) {}

  const Grader& grader;
  std::string version;
  int threads = 1;
  std::int64_t samples = 0, labelled = 0, no_answer = 0, failed = 0;
  std::string failure;  // the first
  std::vector<Disagreement> disagreements;

  void look(const Query& query, const AnswerText& text, const std::optional<Label>& label,
            const Origin& origin) {
    ++samples;
    if (!label) return;
    waiting_.push_back({query, std::string(text.text), text.thinking, text.truncated});
    labels_.push_back({origin, query.gold, *label, {}});
    if (waiting_.size() >= grade_batch(threads)) finish();
  }

  // Grades what look() was shown.
  void finish() {
    std::vector<GradeOrError> grades = grade_all(grader, waiting_, threads);
    for (std::size_t i = 0; i < grades.size(); ++i) {
      if (const auto* why = std::get_if<std::string>(&grades[i])) {
        if (failed++ == 0) failure = *why;
        continue;
      }
      ++labelled;
      labels_[i].grade = std::get<Grade>(std::move(grades[i]));
      const Verdict verdict = labels_[i].grade.verdict;
      no_answer += verdict == Verdict::kNoAnswer ? 1 : 0;
      if ((verdict == Verdict::kCorrect) != labels_[i].label.correct)
        disagreements.push_back(std::move(labels_[i]));
    }
    waiting_.clear();
    labels_.clear();
  }

  std::int64_t only_label() const {
    return std::count_if(disagreements.begin(), disagreements.end(),
                         [](const Disagreement& d) { return d.label.correct; });
  }

  // How often each of our reasons stands against the label.
  std::map<std::string, int> reasons() const {
    std::map<std::string, int> counts;
    for (const Disagreement& d : disagreements) ++counts[d.grade.reason];
    return counts;
  }

 private:
  std::vector<GradeTask> waiting_;
  std::vector<Disagreement> labels_;  // of the same samples, still without our grade
};

GraderKind kind_of(const AuditOptions& options) {
  const auto kind = parse_grader_kind(options.grader);
  if (!kind || *kind == GraderKind::kTests)
    throw Error(ErrorKind::kUsage, "--grader " + options.grader + " does not exist", "",
                "integer, math, choice or exact");
  return *kind;
}

// What grades programs, where there are some: the sandbox is open then.
void use_programs(Audit& audit, Programs& programs, std::span<const Query> queries) {
  if (!has_tests(queries)) return;
  programs.open_for(queries);
  audit.threads = programs.threads();
  audit.version = audit.grader.version();
}

void audit_files(const AuditOptions& options, Audit& audit, Programs& programs) {
  ImportedFiles files = read_imported(options.files, options.label);
  std::vector<UnmatchedSample> unmatched;
  if (options.benchmarks.size() > 1)
    throw Error(ErrorKind::kUsage, "--bench names several benchmarks", "files answer one", "");
  if (!options.benchmarks.empty()) {
    const Benchmark benchmark =
        open_benchmark({options.benchmarks[0], "", data_folders(options.data), std::nullopt, {}});
    ImportMatch match = match_imports(files.samples, benchmark,
                                      options.models.empty() ? std::string() : options.models[0]);
    use_programs(audit, programs, match.benchmark.queries);
    for (std::size_t q = 0; q < match.samples.size(); ++q) {
      for (std::size_t i = 0; i < match.samples[q].size(); ++i) {
        const ImportedSample* sample = match.samples[q][i];
        if (sample == nullptr) continue;
        const Query& query = match.benchmark.queries[q];
        audit.look(query,
                   {sample->completion.text, sample->open_thought,
                    sample->completion.finish == FinishReason::kLength},
                   sample->label,
                   {sample->model, benchmark.name, query.id, sample->file, sample->row,
                    static_cast<int>(i)});
      }
    }
    unmatched = std::move(match.unmatched);
  } else {
    const GraderKind kind = kind_of(options);
    for (const ImportedSample& sample : files.samples) {
      if (trim(sample.gold).empty()) {
        unmatched.push_back({sample.file, sample.row, "has no gold answer: name it with --bench"});
        continue;
      }
      Query query;
      query.id = sample.id;
      query.gold = sample.gold;
      query.grader = kind;
      audit.look(query,
                 {sample.completion.text, sample.open_thought,
                  sample.completion.finish == FinishReason::kLength},
                 sample.label,
                 {sample.model, sample.benchmark, sample.id, sample.file, sample.row,
                  std::max(0, sample.sample)});
    }
  }
  remark_skipped(options.common.quiet, files, unmatched);
}

void audit_store(const AuditOptions& options, Audit& audit, Programs& programs,
                 std::stop_token stop) {
  const Store store = Store::open(options.db, Store::Mode::kRead);
  for (const SettingInfo& info : store.settings({options.models, options.benchmarks, {}})) {
    use_programs(audit, programs, store.queries(info.id, false));
    store.for_each_ungraded(info.id, "", true, [&](const UngradedSample& sample) {
      audit.look(
          sample.query, {sample.text, sample.thinking, sample.truncated},
          store.find_label(info.id, sample.query_id, sample.sample),
          {info.setting.model, info.setting.benchmark, sample.query.id, "", 0, sample.sample});
      return !stop.stop_requested();
    });
  }
}

std::string as_json(const Audit& audit) {
  Json list = Json::array();
  for (const Disagreement& d : audit.disagreements) {
    Json entry = Json::object();
    for (const auto& [name, text] :
         {std::pair<const char*, const std::string*>{"model", &d.origin.model},
          {"benchmark", &d.origin.benchmark},
          {"query", &d.origin.query},
          {"file", &d.origin.file}})
      if (!text->empty()) entry[name] = *text;
    if (d.origin.row > 0) entry["row"] = d.origin.row;
    entry["sample"] = d.origin.sample;
    entry["gold"] = d.gold;
    entry["label_correct"] = d.label.correct;
    entry["label_answer"] = d.label.answer.empty() ? Json(nullptr) : Json(d.label.answer);
    entry["label_field"] = d.label.field;
    entry["verdict"] = verdict_name(d.grade.verdict);
    entry["answer"] = d.grade.answer ? Json(*d.grade.answer) : Json(nullptr);
    entry["reason"] = d.grade.reason;
    entry["warning"] = d.grade.warning;
    list.push_back(std::move(entry));
  }
  const auto disagree = static_cast<std::int64_t>(audit.disagreements.size());
  return Json{{"grader", audit.version},
              {"samples", audit.samples},
              {"labelled", audit.labelled},
              {"agree", audit.labelled - disagree},
              {"disagree", disagree},
              {"only_label_correct", audit.only_label()},
              {"only_quorum_correct", disagree - audit.only_label()},
              {"no_answer", audit.no_answer},
              {"reasons", audit.reasons()},
              {"disagreements", std::move(list)}}
             .dump(2, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

std::string as_text(const Audit& audit) {
  std::string out;
  for (const Disagreement& d : audit.disagreements) {
    std::string where;
    for (const std::string* part : {&d.origin.model, &d.origin.benchmark, &d.origin.query})
      if (!part->empty()) where += *part + " ";
    if (!d.origin.file.empty()) where += fmt::format("{} row {} ", d.origin.file, d.origin.row);
    const std::string warning = d.grade.warning.empty() ? "" : ", " + d.grade.warning;
    out += fmt::format(
        "{}#{}\n  gold    {}\n  label   {:<9} {}  ({})\n  quorum  {:<9} {}  ({}{})\n", where,
        d.origin.sample, sanitize_utf8(d.gold), d.label.correct ? "correct" : "incorrect",
        d.label.answer.empty() ? "?" : sanitize_utf8(d.label.answer), d.label.field,
        verdict_name(d.grade.verdict), d.grade.answer ? sanitize_utf8(*d.grade.answer) : "-",
        d.grade.reason, warning);
  }
  const auto disagree = static_cast<std::int64_t>(audit.disagreements.size());
  std::vector<std::string> counts;
  for (const auto& [reason, count] : audit.reasons())
    counts.push_back(fmt::format("{} {}", count, reason));
  if (!counts.empty()) out += "our reasons: " + join(counts, ", ") + "\n";
  return out + fmt::format(
                   "{} samples, {} with a label: {} agree, {} disagree ({} that only the label "
                   "calls correct, {} that only {} does); {} without an answer\n",
                   audit.samples, audit.labelled, audit.labelled - disagree, disagree,
                   audit.only_label(), disagree - audit.only_label(), audit.version,
                   audit.no_answer);
}

}  // namespace

int audit_verb(const AuditOptions& options) {
  const Policy policy = parse_policy(options.policy).take();
  InterruptWatch interrupt;
  const auto programs = std::make_shared<Programs>(options.programs);
  const std::stop_callback end_programs(interrupt.token(), [&] { programs->stop(); });
  code::CodeGraderOptions code = code_options(options.programs, programs);
  code.only_tests = true;
  const auto grader = code::make_code_grader({policy}, code);
  Audit audit(*grader, make_answer_grader({policy})->version());
  if (options.files.empty())
    audit_store(options, audit, *programs, interrupt.token());
  else
    audit_files(options, audit, *programs);
  audit.finish();
  if (interrupt.interrupted()) return exit_code(ErrorKind::kInterrupted);
  if (audit.labelled == 0 && audit.failed == 0)
    throw Error(ErrorKind::kData, "there is no label to compare with",
                fmt::format("of {} samples none came with a judgement", audit.samples),
                "--label NAME names the field that holds it (quorum audit FILE), or import the "
                "outputs again with it");
  write_data({}, options.common.json ? as_json(audit) : as_text(audit));
  if (audit.failed > 0) {
    remark(false, fmt::format("INCOMPLETE: {} samples could not be graded", audit.failed));
    remark(false, "because: " + audit.failure);
    return exit_code(ErrorKind::kIncomplete);
  }
  return audit.disagreements.empty() ? 0 : 1;
}

}  // namespace quorum::cli
