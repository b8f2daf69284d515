#include "benchmarks/registry.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "benchmarks/builtin.h"
#include "benchmarks/json_rows.h"
#include "benchmarks/livecodebench/code_grader.h"
#include "benchmarks/livecodebench/livecodebench.h"
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
  fs::path path;      // empty: built in
  bool part = false;  // the files do not hold the whole benchmark
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
  if (code::is_livecodebench_file(opened.path)) {
    opened.name = "livecodebench-" + opened.name;
    opened.card = code::livecodebench_card();
    opened.set = code::read_livecodebench_file(opened.path);
    if (!opened.set.problems.empty())
      throw_bad(name + " is not well-formed", opened.set.problems,
                "quorum data check " + name + " lists every bad row");
    return opened;
  }
  const std::string text = read_data_file(opened.path);
  opened.set = parse_private_set(text);
  if (!opened.set.problems.empty()) {
    // A published file in its own shape is the benchmark that it holds.
    for (const BuiltinBenchmark& benchmark : builtin_benchmarks()) {
      if (!benchmark.recognise(text)) continue;
      TaskSet known = benchmark.parse(text);
      if (!known.problems.empty()) break;
      return {benchmark.name, benchmark.card, std::move(known), name, false};
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

// "mini:7", "mini-code:7".
Opened open_drawn_mini(const std::string& name) {
  const std::size_t colon = name.find(':');
  const std::string stem = name.substr(0, colon), digits = name.substr(colon + 1);
  if (digits.empty() || digits.size() > 18 ||
      digits.find_first_not_of("0123456789") != std::string::npos) {
    throw Error(ErrorKind::kUsage, "\"" + name + "\" is no benchmark",
                "behind " + stem + ": stands a seed, a number from 0",
                "for example " + stem + ":7");
  }
  const std::uint64_t seed = std::stoull(digits);
  const bool code = stem == "mini-code";
  Opened opened;
  opened.name = seed == 0 ? stem : stem + ":" + std::to_string(seed);
  opened.card = code ? mini_code_card() : mini_card();
  opened.set = code ? mini_code_set(seed) : mini_set(seed);
  return opened;
}

Opened open_lcb(const BenchmarkRequest& request) {
  const code::Release release = code::parse_release(request.name);
  code::Livecodebench lcb = code::open_livecodebench(release, request.data_folders);
  if (!lcb.set.problems.empty())
    throw_bad(lcb.folder.string() + " does not hold " + release.name(), lcb.set.problems,
              "quorum data check FILE lists every bad row of a file");
  if (lcb.set.rows.empty())
    throw Error(ErrorKind::kData, release.name() + " has no problem",
                "no contest of the release lies in the window", "another window");
  return {release.name(), std::move(lcb.card), std::move(lcb.set), lcb.folder, !lcb.whole};
}

Opened open_set(const BenchmarkRequest& request) {
  if (code::is_livecodebench(request.name)) return open_lcb(request);
  if (const BuiltinBenchmark* benchmark = find_builtin(request.name))
    return open_builtin(*benchmark, request.data_folders);
  if (request.name.rfind("mini:", 0) == 0 || request.name.rfind("mini-code:", 0) == 0)
    return open_drawn_mini(request.name);
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

// Files that are there count as present: reading them all takes minutes.
BenchmarkListing livecodebench_listing(const std::vector<fs::path>& folders) {
  const code::LivecodebenchFiles files = code::find_livecodebench(folders);
  BenchmarkListing listing;
  listing.name = "livecodebench";
  listing.card = code::livecodebench_card();
  listing.obtain = code::how_to_obtain_livecodebench();
  const int newest = files.newest() > 0 ? files.newest() : code::kNewestRelease;
  listing.queries = code::kReleaseSizes[static_cast<std::size_t>(newest - 1)];
  listing.present = files.newest() > 0;
  listing.path = files.folder;
  return listing;
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
  names.push_back("livecodebench");
  return names;
}

namespace {

// Of rows that all have tests.
std::string_view default_code_prompt(std::span<const TaskRow> rows) {
  using code::SuiteLanguage;
  const auto all = [&](SuiteLanguage language) {
    return std::all_of(rows.begin(), rows.end(),
                       [&](const TaskRow& row) { return row.language == language; });
  };
  if (all(SuiteLanguage::kPython)) return kDefaultCodePrompt;
  return all(SuiteLanguage::kCpp) ? kCppPrompt : kAnyLanguagePrompt;
}

}  // namespace

Benchmark open_benchmark(const BenchmarkRequest& request) {
  Opened opened = open_set(request);
  const bool tests =
      std::any_of(opened.set.rows.begin(), opened.set.rows.end(),
                  [](const TaskRow& row) { return row.grader == GraderKind::kTests; });
  const bool only_tests =
      std::all_of(opened.set.rows.begin(), opened.set.rows.end(),
                  [](const TaskRow& row) { return row.grader == GraderKind::kTests; });
  const PromptVariant& variant = find_prompt_variant(
      request.prompt.empty() && only_tests ? default_code_prompt(opened.set.rows) : request.prompt);
  Benchmark benchmark;
  benchmark.name = opened.name;
  benchmark.card = opened.card;
  benchmark.dataset_hash = dataset_hash(opened.set.rows);
  benchmark.prompt_variant = variant.name;
  benchmark.prompt_hash = prompt_hash(variant);
  code::CodeGraderOptions code = request.code;
  code.only_tests = only_tests;
  benchmark.grader =
      tests ? code::make_code_grader(request.grading, code) : make_answer_grader(request.grading);
  const std::size_t whole = opened.set.rows.size();
  for (const std::size_t i : select(request, opened)) {
    TaskRow& row = opened.set.rows[i];
    Query query;
    query.id = row.id;
    query.messages = row.messages.empty() ? render_prompt(variant, row.problem) : row.messages;
    query.gold = row.gold;
    query.grader = row.grader;
    query.tests_json = std::move(row.tests_json);  // may be many megabytes
    benchmark.queries.push_back(std::move(query));
  }
  benchmark.partial = opened.part || benchmark.queries.size() < whole;
  return benchmark;
}

std::vector<BenchmarkListing> list_benchmarks(const std::vector<fs::path>& data_folders) {
  std::vector<BenchmarkListing> listings;
  for (const BuiltinBenchmark& benchmark : builtin_benchmarks())
    listings.push_back(listing_of(benchmark, data_folders));
  listings.push_back(livecodebench_listing(data_folders));
  return listings;
}

DataCheck check_data(const fs::path& file) {
  DataCheck check;
  TaskSet set;
  check.kind = "private";
  const bool lcb = code::is_livecodebench_file(file);
  const std::string text = lcb ? std::string() : read_data_file(file);
  if (lcb) {
    check.kind = "livecodebench";
    set = code::read_livecodebench_file(file);
  }
  for (const BuiltinBenchmark& benchmark : builtin_benchmarks()) {
    if (lcb || !benchmark.recognise(text)) continue;
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
  return check;
}

namespace {

// A file of LiveCodeBench keeps its name and its bytes: which of them there are decides the
// release.
AddedData add_livecodebench(const fs::path& file, const fs::path& cache_folder) {
  const TaskSet set = code::read_livecodebench_file(file);
  if (!set.problems.empty())
    throw_bad(file.string() + " is not a good file of livecodebench", set.problems,
              "quorum data check " + file.string() + " lists every bad row");
  AddedData added;
  added.name = "livecodebench";
  added.path = cache_folder / "livecodebench" / file.filename();
  added.queries = static_cast<int>(set.rows.size());
  added.dataset_hash = dataset_hash(set.rows);
  std::error_code failed;
  fs::create_directories(added.path.parent_path(), failed);
  const fs::path part = added.path.string() + ".part";
  if (!failed) fs::copy_file(file, part, fs::copy_options::overwrite_existing, failed);
  if (!failed) fs::rename(part, added.path, failed);
  if (failed)
    throw Error(ErrorKind::kEnvironment, "cannot write " + added.path.string(), failed.message(),
                "set QUORUM_DATA to a folder you may write to");
  return added;
}

}  // namespace

AddedData add_data(const fs::path& file, const fs::path& cache_folder) {
  if (code::is_livecodebench_file(file)) return add_livecodebench(file, cache_folder);
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
