#include "benchmarks/registry.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "benchmarks/builtin.h"
#include "benchmarks/json_rows.h"
#include "benchmarks/math/grader.h"
#include "benchmarks/math500/math500.h"
#include "benchmarks/mini/mini.h"
#include "benchmarks/private_set.h"
#include "benchmarks/prompts.h"

namespace quorum {
namespace {

namespace fs = std::filesystem;

struct Opened {
  std::string name;
  BenchmarkCard card;
  TaskSet set;
  fs::path path;  // empty: built in
};

std::string read_data_file(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    throw Error(ErrorKind::kData, "cannot read " + path.string(), "it is a folder",
                "name a file, or give the folder with --data");
  }
  return read_file(path, kMaxDataFileBytes);
}

[[noreturn]] void throw_bad(const std::string& what, const DataProblems& problems,
                            const std::string& check) {
  const std::size_t count = problems.list.size() + static_cast<std::size_t>(problems.more);
  std::string because = describe(problems.list.front());
  if (count > 1) because += "; " + std::to_string(count - 1) + " more";
  throw Error(ErrorKind::kData, what, because, check);
}

bool is_file_name(const std::string& name) {
  const auto ends = [&](std::string_view end) {
    return name.size() > end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
  };
  return ends(".jsonl") || ends(".json") || name.find('/') != std::string::npos;
}

const BuiltinBenchmark* find_builtin(std::string_view name) {
  for (const BuiltinBenchmark& benchmark : builtin_benchmarks()) {
    if (benchmark.name == name) return &benchmark;
  }
  return nullptr;
}

// A file of another name in `folder` that holds the benchmark; the first by name. Big folders are
// looked at in part.
fs::path find_by_content(const BuiltinBenchmark& benchmark, const fs::path& folder) {
  constexpr int kMaxEntries = 1000;
  std::vector<fs::path> candidates;
  std::error_code failed;
  int entries = 0;
  for (fs::directory_iterator it(folder, failed), end;
       !failed && it != end && entries < kMaxEntries; it.increment(failed), ++entries) {
    const std::string name = to_lower_ascii(it->path().filename().string());
    const std::string ending = it->path().extension().string();
    std::error_code ignored;
    if ((ending != ".json" && ending != ".jsonl") || !it->is_regular_file(ignored)) continue;
    if (std::all_of(
            benchmark.name_parts.begin(), benchmark.name_parts.end(),
            [&](const std::string& part) { return name.find(part) != std::string::npos; })) {
      candidates.push_back(it->path());
    }
  }
  std::sort(candidates.begin(), candidates.end());
  for (const fs::path& candidate : candidates) {
    try {
      if (benchmark.recognise(read_file(candidate, std::size_t{64} << 20))) return candidate;
    } catch (const Error&) {
      continue;  // unreadable or too large: not a data set for us
    }
  }
  return {};
}

// The benchmark's file in the first folder that has one; empty: none has.
fs::path find_data(const BuiltinBenchmark& benchmark, const std::vector<fs::path>& folders) {
  for (const fs::path& folder : folders) {
    for (const std::string& file : benchmark.files) {
      std::error_code ignored;
      if (fs::is_regular_file(folder / file, ignored)) return folder / file;
    }
    for (const fs::path& place : {folder, folder / benchmark.folder}) {
      if (fs::path found = find_by_content(benchmark, place); !found.empty()) return found;
    }
  }
  return {};
}

Opened open_private(const std::string& name) {
  Opened opened;
  opened.path = name;
  opened.name = opened.path.stem().string();
  if (find_builtin(opened.name) != nullptr || opened.name.empty())
    opened.name = "file-" + opened.name;
  const std::string text = read_data_file(opened.path);
  opened.set = parse_private_set(text);
  if (!opened.set.problems.empty()) {
    // A published file in its own shape is the benchmark that it holds.
    for (const BuiltinBenchmark& benchmark : builtin_benchmarks()) {
      if (!benchmark.recognise(text)) continue;
      TaskSet known = benchmark.parse(text);
      if (!known.problems.empty()) break;
      return {benchmark.name, benchmark.card, std::move(known), name};
    }
    throw_bad(name + " is not a well-formed set", opened.set.problems,
              "quorum data check " + name + " lists every bad row");
  }
  opened.card.title = opened.name;
  opened.card.source = opened.path.filename().string();
  return opened;
}

Opened open_builtin(const BuiltinBenchmark& benchmark, const std::vector<fs::path>& folders) {
  Opened opened;
  opened.name = benchmark.name;
  opened.card = benchmark.card;
  if (benchmark.embedded) {
    opened.set = benchmark.parse({});
    return opened;
  }
  opened.path = find_data(benchmark, folders);
  if (opened.path.empty()) {
    std::string searched;
    for (const fs::path& folder : folders)
      searched += (searched.empty() ? "" : ", ") + folder.string();
    throw Error(ErrorKind::kData, "the data of " + benchmark.name + " was not found",
                searched.empty() ? "no data folder is named"
                                 : "searched " + searched + " for " + benchmark.files.front() +
                                       " and its other names",
                "it is " + benchmark.obtain + ", or name its folder with --data DIR");
  }
  opened.set = benchmark.parse(read_data_file(opened.path));
  if (!opened.set.problems.empty()) {
    throw_bad(opened.path.string() + " is not " + benchmark.name, opened.set.problems,
              "quorum data check " + opened.path.string() + " lists every bad row");
  }
  return opened;
}

// "mini:7".
Opened open_drawn_mini(const std::string& name) {
  const std::string digits = name.substr(5);
  if (digits.empty() || digits.size() > 18 ||
      digits.find_first_not_of("0123456789") != std::string::npos) {
    throw Error(ErrorKind::kUsage, "\"" + name + "\" is no benchmark",
                "behind mini: stands a seed, a number from 0", "for example mini:7");
  }
  Opened opened;
  opened.name = "mini:" + std::to_string(std::stoull(digits));
  if (opened.name == "mini:0") opened.name = "mini";
  opened.card = mini_card();
  opened.set = mini_set(std::stoull(digits));
  return opened;
}

Opened open_set(const BenchmarkRequest& request) {
  if (const BuiltinBenchmark* benchmark = find_builtin(request.name))
    return open_builtin(*benchmark, request.data_folders);
  if (request.name.rfind("mini:", 0) == 0) return open_drawn_mini(request.name);
  if (is_file_name(request.name)) return open_private(request.name);
  const std::vector<std::string> names = benchmark_names();
  const std::string near = nearest_name(request.name, names);
  throw Error(ErrorKind::kUsage, "there is no benchmark \"" + request.name + "\"",
              "the benchmarks are " + join(names, ", ") + ", and files that end in .jsonl",
              near.empty() ? "quorum data list shows them" : "did you mean \"" + near + "\"?");
}

// The indices of the queries that --ids and --limit leave, in the set's order.
std::vector<std::size_t> select(const BenchmarkRequest& request, const Opened& opened) {
  const std::vector<TaskRow>& rows = opened.set.rows;
  std::set<std::string> wanted;
  for (const std::string& id : request.ids) {
    std::string full = opened.name == "math500" ? math500_id(id) : id;
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const TaskRow& row) { return row.id == full; });
    if (found == rows.end()) {
      std::vector<std::string> ids;
      for (const TaskRow& row : rows) ids.push_back(row.id);
      const std::string near = nearest_name(id, ids);
      throw Error(ErrorKind::kUsage, opened.name + " has no query \"" + id + "\"",
                  "its ids are " + ids.front() + " to " + ids.back(),
                  near.empty() ? "" : "did you mean \"" + near + "\"?");
    }
    wanted.insert(std::move(full));
  }
  if (request.limit && *request.limit < 1) {
    throw Error(ErrorKind::kUsage,
                "--limit " + std::to_string(*request.limit) + " leaves no queries", "",
                "give 1 or more");
  }
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!wanted.empty() && wanted.count(rows[i].id) == 0) continue;
    if (request.limit && left.size() >= static_cast<std::size_t>(*request.limit)) break;
    left.push_back(i);
  }
  return left;
}

// Programs cannot be judged yet: refused before anything is generated.
void refuse_tests(const Opened& opened) {
  for (const TaskRow& row : opened.set.rows) {
    if (row.grader != GraderKind::kTests) continue;
    throw Error(ErrorKind::kEnvironment,
                opened.name + ": query \"" + row.id + "\" (row " + std::to_string(row.row) +
                    ") is graded by tests",
                "this build has no sandbox to run programs in",
                "leave such rows out, or grade them by integer, math, choice or exact");
  }
}

BenchmarkListing listing_of(const BuiltinBenchmark& benchmark,
                            const std::vector<fs::path>& folders) {
  BenchmarkListing listing;
  listing.name = benchmark.name;
  listing.card = benchmark.card;
  listing.queries = benchmark.queries;
  listing.obtain = benchmark.obtain;
  if (benchmark.embedded) {
    listing.present = true;
    return listing;
  }
  listing.path = find_data(benchmark, folders);
  if (listing.path.empty()) return listing;
  try {
    const TaskSet set = benchmark.parse(read_data_file(listing.path));
    listing.present = set.problems.empty();
    if (!listing.present) listing.problem = describe(set.problems.list.front());
  } catch (const Error& error) {
    listing.problem = error.what();
  }
  return listing;
}

}  // namespace

std::vector<std::string> benchmark_names() {
  std::vector<std::string> names;
  for (const BuiltinBenchmark& benchmark : builtin_benchmarks()) names.push_back(benchmark.name);
  return names;
}

Benchmark open_benchmark(const BenchmarkRequest& request) {
  const PromptVariant& variant = find_prompt_variant(request.prompt);
  const Opened opened = open_set(request);
  refuse_tests(opened);
  Benchmark benchmark;
  benchmark.name = opened.name;
  benchmark.card = opened.card;
  benchmark.dataset_hash = dataset_hash(opened.set.rows);
  benchmark.prompt_variant = variant.name;
  benchmark.prompt_hash = prompt_hash(variant);
  benchmark.grader = make_answer_grader(request.grading);
  for (const std::size_t i : select(request, opened)) {
    const TaskRow& row = opened.set.rows[i];
    Query query;
    query.id = row.id;
    query.messages = row.messages.empty() ? render_prompt(variant, row.problem) : row.messages;
    query.gold = row.gold;
    query.grader = row.grader;
    query.tests_json = row.tests_json;
    benchmark.queries.push_back(std::move(query));
  }
  benchmark.partial = benchmark.queries.size() < opened.set.rows.size();
  return benchmark;
}

std::vector<BenchmarkListing> list_benchmarks(const std::vector<fs::path>& data_folders) {
  std::vector<BenchmarkListing> listings;
  for (const BuiltinBenchmark& benchmark : builtin_benchmarks())
    listings.push_back(listing_of(benchmark, data_folders));
  return listings;
}

DataCheck check_data(const fs::path& file) {
  const std::string text = read_data_file(file);
  DataCheck check;
  TaskSet set;
  check.kind = "private";
  for (const BuiltinBenchmark& benchmark : builtin_benchmarks()) {
    if (!benchmark.recognise(text)) continue;
    set = benchmark.parse(text);
    // A set of one's own may hold some of a benchmark's problems.
    if (!set.problems.empty() &&
        5 * set.rows.size() < 4 * static_cast<std::size_t>(benchmark.queries) &&
        parse_private_set(text).problems.empty()) {
      check.notes.push_back("holds problems of " + benchmark.name);
      continue;
    }
    check.kind = benchmark.name;
    break;
  }
  if (check.kind == "private") set = parse_private_set(text);
  check.rows = static_cast<int>(set.rows.size());
  check.problems = set.problems.list;
  check.more_problems = set.problems.more;
  check.notes.insert(check.notes.end(), set.notes.begin(), set.notes.end());
  if (check.ok()) check.dataset_hash = dataset_hash(set.rows);
  if (check.ok() && check.kind == "private" &&
      std::any_of(set.rows.begin(), set.rows.end(),
                  [](const TaskRow& row) { return row.grader == GraderKind::kTests; })) {
    check.notes.push_back(
        "rows graded by tests are well-formed, but this build cannot run programs");
  }
  return check;
}

AddedData add_data(const fs::path& file, const fs::path& cache_folder) {
  const std::string text = read_data_file(file);
  for (const BuiltinBenchmark& benchmark : builtin_benchmarks()) {
    if (!benchmark.recognise(text)) continue;
    const TaskSet set = benchmark.parse(text);
    if (!set.problems.empty()) {
      throw_bad(file.string() + " is not a good copy of " + benchmark.name, set.problems,
                "quorum data check " + file.string() + " lists every bad row");
    }
    std::error_code failed;
    fs::create_directories(cache_folder, failed);
    if (failed) {
      throw Error(ErrorKind::kEnvironment, "cannot make the folder " + cache_folder.string(),
                  failed.message(), "set QUORUM_DATA to a folder you may write to");
    }
    AddedData added;
    added.name = benchmark.name;
    added.path = cache_folder / (benchmark.name + ".jsonl");
    added.queries = static_cast<int>(set.rows.size());
    added.dataset_hash = dataset_hash(set.rows);
    write_file_atomic(added.path, canonical_jsonl(set.rows));
    return added;
  }
  throw Error(ErrorKind::kData, file.string() + " is none of the known data sets",
              "its problems are not those of " + join(benchmark_names(), ", "),
              "a set of your own needs no adding: --bench " + file.string());
}

}  // namespace quorum
