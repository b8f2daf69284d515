// quorum data: which benchmarks are there, adding them, and checking a file.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "benchmarks/prompts.h"
#include "benchmarks/registry.h"
#include "cli/environment.h"
#include "cli/options.h"
#include "cli/stdio.h"

namespace quorum::cli {
namespace {

using Json = nlohmann::ordered_json;

int list(const DataOptions& options) {
  const auto listings = list_benchmarks(data_folders(options.data));
  if (options.common.json) {
    Json out{{"benchmarks", Json::array()}};
    for (const BenchmarkListing& b : listings)
      out["benchmarks"].push_back({{"name", b.name},
                                   {"title", b.card.title},
                                   {"queries", b.queries},
                                   {"present", b.present},
                                   {"path", b.path.string()},
                                   {"problem", b.problem},
                                   {"obtain", b.obtain},
                                   {"source", b.card.source},
                                   {"licence", b.card.licence},
                                   {"protocol", b.card.protocol},
                                   {"paper", b.card.paper}});
    write_data({}, out.dump(2) + "\n");
    return 0;
  }
  std::string out;
  for (const BenchmarkListing& b : listings) {
    const std::string state = b.present           ? (b.path.empty() ? "built in" : b.path.string())
                              : b.problem.empty() ? "missing"
                                                  : "unusable: " + b.problem;
    out += fmt::format("{:14} {:4} queries  {}\n", b.name, b.queries, state);
    if (!b.present && !b.obtain.empty())
      out += fmt::format("{:14}               {}\n", "", b.obtain);
  }
  write_data({}, out);
  return 0;
}

int add(const DataOptions& options) {
  const AddedData added = add_data(options.file, cache_folder());
  if (options.common.json)
    write_data({}, Json{{"name", added.name},
                        {"path", added.path.string()},
                        {"queries", added.queries},
                        {"dataset_hash", added.dataset_hash}}
                           .dump() +
                       "\n");
  else
    write_data({},
               fmt::format("added {}: {} queries, dataset {}, at {}\n", added.name, added.queries,
                           added.dataset_hash.substr(0, 12), added.path.string()));
  return 0;
}

std::string problem_line(const std::string& file, const DataProblem& p) {
  std::string line = file;
  if (p.row > 0) line += fmt::format(": row {}", p.row);
  if (!p.field.empty()) line += fmt::format(": field \"{}\"", p.field);
  line += ": " + p.what;
  if (!p.expected.empty()) line += " (expected " + p.expected + ")";
  return line + "\n";
}

int check(const DataOptions& options) {
  const DataCheck result = check_data(options.file);
  if (options.common.json) {
    Json problems = Json::array();
    for (const DataProblem& p : result.problems)
      problems.push_back(
          {{"row", p.row}, {"field", p.field}, {"what", p.what}, {"expected", p.expected}});
    write_data({}, Json{{"ok", result.ok()},
                        {"kind", result.kind},
                        {"rows", result.rows},
                        {"dataset_hash", result.dataset_hash},
                        {"problems", problems},
                        {"more_problems", result.more_problems},
                        {"notes", result.notes}}
                           .dump(2) +
                       "\n");
  } else {
    std::string out;
    for (const DataProblem& p : result.problems) out += problem_line(options.file.string(), p);
    if (result.more_problems > 0) out += fmt::format("and {} more\n", result.more_problems);
    for (const std::string& note : result.notes) out += note + "\n";
    if (result.ok())
      out += fmt::format("ok: {} rows ({}), dataset {}\n", result.rows, result.kind,
                         result.dataset_hash.substr(0, 12));
    write_data({}, out);
  }
  return result.ok() ? 0 : 2;
}

int prompts(const DataOptions& options) {
  Json out{{"prompts", Json::array()}};
  std::string text;
  for (const PromptVariant& v : prompt_variants()) {
    out["prompts"].push_back({{"name", v.name},
                              {"description", v.description},
                              {"system", v.system},
                              {"user", v.user},
                              {"hash", prompt_hash(v)}});
    text += fmt::format("{:14} {}\n", v.name, v.description);
  }
  write_data({}, options.common.json ? out.dump(2) + "\n" : text);
  return 0;
}

}  // namespace

int data_verb(const DataOptions& options) {
  if (options.action == "list") return list(options);
  if (options.action == "add") return add(options);
  if (options.action == "check") return check(options);
  return prompts(options);
}

}  // namespace quorum::cli
