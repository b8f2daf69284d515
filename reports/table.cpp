#include "reports/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace quorum {
namespace {

std::string samples_cell(const SummaryRow& row) {
  std::string cell = fmt::format("{}", row.samples);
  if (!row.complete) cell += fmt::format(" of {}", row.samples_wanted);
  return cell;
}

std::string name_cell(const SummaryRow& row) {
  std::string cell = row.benchmark;
  if (row.partial) cell += "†";
  if (row.mixed_numerics) cell += "‡";
  if (!row.complete) cell += "*";
  return cell;
}

void add_notes(std::span<const SummaryRow> rows, Table& table) {
  const auto any = [&](auto member) { return std::any_of(rows.begin(), rows.end(), member); };
  table.notes.push_back(
      "± repeat error: one standard error for new samples on the same queries; "
      "question error: for new queries of the same kind.");
  if (any([](const SummaryRow& r) { return !r.complete; }))
    table.notes.push_back(
        "* INCOMPLETE: the figures use the complete blocks of sample indices only; run again to "
        "finish.");
  if (any([](const SummaryRow& r) { return r.partial; }))
    table.notes.push_back(
        "† a part of the benchmark (--limit or --ids): not a result of the benchmark.");
  if (any([](const SummaryRow& r) { return r.mixed_numerics; }))
    table.notes.push_back("‡ samples of more than one numerics fingerprint (--allow-mixed).");
  for (const SummaryRow& row : rows) {
    if (row.modes.scores.empty()) continue;
    std::string note = row.model + ", " + row.benchmark + ": pass@1 is that of mode ";
    for (std::size_t i = 0; i < row.modes.scores.size(); ++i) {
      const ModeScore& score = row.modes.scores[i];
      note += (i == 0 ? "" : "; ") + score.mode + " " +
              percent_with_error(score.pass_at_1, score.repeat_se);
    }
    note += fmt::format("; {} samples differ", row.modes.differences.size());
    constexpr std::size_t kShown = 5;
    for (std::size_t i = 0; i < std::min(kShown, row.modes.differences.size()); ++i)
      note += fmt::format("{}{} #{} ({})", i == 0 ? ": " : ", ", row.modes.differences[i].query,
                          row.modes.differences[i].sample, row.modes.differences[i].reason);
    table.notes.push_back(
        note + (row.modes.differences.size() > kShown ? ", … (--json lists all)." : "."));
  }
  for (const SummaryRow& row : rows)
    if (row.modes.known_bad > 0)
      table.notes.push_back(fmt::format(
          "{}: the tests of {} queries are known to be bad; they count (docs/LIVECODEBENCH.md).",
          row.benchmark, row.modes.known_bad));
  // Policies are part of a grader's version: scores under different ones are no comparison.
  std::vector<std::string> graders;
  for (const SummaryRow& row : rows) {
    const std::string& grader = row.provenance.grader_version;
    if (std::find(graders.begin(), graders.end(), grader) == graders.end())
      graders.push_back(grader);
  }
  if (graders.size() > 1) {
    std::string note = "NOT COMPARABLE: rows were graded by ";
    for (std::size_t i = 0; i < graders.size(); ++i) note += (i == 0 ? "" : ", ") + graders[i];
    table.notes.push_back(note + "; quorum grade grades all of them alike.");
  }
}

}  // namespace

std::string percent(std::optional<double> fraction, int digits) {
  return fraction ? fmt::format("{:.{}f}", *fraction * 100, digits) : "n/a";
}

std::string percent_with_error(std::optional<double> fraction, std::optional<double> error) {
  std::string text = percent(fraction);
  if (fraction && error) text += fmt::format(" ± {:.1f}", *error * 100);
  return text;
}

std::string shortest(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return std::string(buffer, end);
}

Table score_table(std::span<const SummaryRow> rows) {
  Table table;
  table.header = {"model",
                  "benchmark",
                  "queries",
                  "samples",
                  "pass@1",
                  "question error",
                  "cons@k",
                  "k",
                  "truncated",
                  "no answer",
                  "mean tokens",
                  "published pass@1",
                  "published cons@64",
                  "published by"};
  for (const SummaryRow& row : rows) {
    const auto pass = reference_pass_at_1(row);
    const auto consensus = reference_consensus(row);
    const auto value = [](const std::optional<Reference>& r) {
      return r ? percent(r->value) : std::string("-");
    };
    std::string by = "-";
    if (pass) by = pass->source;
    if (consensus && (!pass || consensus->source != pass->source))
      by = pass ? by + "; " + consensus->source : consensus->source;
    table.rows.push_back(
        {row.model, name_cell(row), fmt::format("{}", row.queries), samples_cell(row),
         percent_with_error(row.pass_at_1, row.repeat_se), percent(row.question_se),
         percent_with_error(row.cons_at_k, row.cons_repeat_se), fmt::format("{}", row.cons_k),
         percent(row.truncated), percent(row.no_answer),
         row.mean_tokens ? fmt::format("{:.1f}", *row.mean_tokens) : "n/a", value(pass),
         value(consensus), by});
  }
  add_notes(rows, table);
  return table;
}

Table published_table(std::span<const SummaryRow> rows) {
  Table table;
  table.header = {"benchmark", "metric", "ours", "published", "source", "samples", "note"};
  for (const SummaryRow& row : rows) {
    for (const PublishedScore& score : row.published) {
      std::string ours = "-";
      if (score.is_pass_at_1()) ours = percent_with_error(row.pass_at_1, row.repeat_se);
      if (score.is_consensus()) ours = percent_with_error(row.cons_at_k, row.cons_repeat_se);
      table.rows.push_back(
          {row.benchmark, score.metric, ours, fmt::format("{:.1f}", score.value), score.source,
           score.n_samples ? fmt::format("{}", *score.n_samples) : "not stated", score.note});
    }
  }
  return table;
}

}  // namespace quorum
