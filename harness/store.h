// The store: completions, grades, runs and settings in one SQLite file.
//
// Finished work survives: each completion is one transaction. A process that is killed loses
// nothing that `put_completion` returned for; a machine that loses power loses at most the last
// second, because a commit that syncs the disk is made at least that often while work arrives (a
// sync for each completion would make slow disks the limit of fast models). One process writes at a
// time (a lock beside the file, freed by the kernel when the process ends); any number may read.
// All methods are thread-safe. Errors: Error(kData) for a damaged or foreign file,
// Error(kEnvironment) for a full disk, a missing permission, or a database that is in use.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/generator.h"
#include "harness/label.h"
#include "harness/results.h"
#include "harness/task.h"

namespace quorum {

using SettingId = std::int64_t;
using QueryId = std::int64_t;
using RunId = std::int64_t;

// What all samples behind one row of a report share. Two settings are the same if all but the last
// three are equal.
struct Setting {
  std::string model, checkpoint, engine;
  int tensor_parallel = 1;
  std::string benchmark, dataset_hash, prompt_variant, prompt_hash, template_hash;
  std::string think;  // the think mode's name
  SamplingSettings sampling;

  std::string published_as;         // may change from run to run
  std::string published_benchmark;  // name in tables of published scores
  bool checkpoint_sampled = false;
};
Setting make_setting(const GeneratorIdentity& generator, const Benchmark& benchmark,
                     const SamplingSettings& sampling, const std::string& think,
                     const std::string& published_as);
// 64 hex digits.
std::string setting_hash(const Setting& setting);

// A setting with its queries, as a run uses it.
struct OpenSetting {
  SettingId id = 0;
  std::vector<QueryId> queries;  // in the order of the benchmark that was given
};

struct SettingInfo {
  SettingId id = 0;
  Setting setting;
  bool whole = false;  // some run wanted every query of the benchmark
  int samples_wanted = 0;
  std::int64_t queries = 0, completions = 0;
};

enum class RunState { kRunning, kComplete, kIncomplete, kInterrupted, kFailed };
std::string run_state_name(RunState state);

struct RunInfo {
  RunId id = 0;
  std::int64_t started = 0, finished = 0;  // Unix seconds; 0: not finished
  std::string state;  // a run that was killed stays "running": `list` compares with the lock
  std::string spec_json, manifest_json;
  std::vector<SettingId> settings;
};

// A completion that waits for a grade.
struct UngradedSample {
  std::int64_t completion = 0;
  QueryId query_id = 0;
  int sample = 0;
  Query query;  // without messages
  std::string text;
  bool thinking = false;
  bool truncated = false;
};

struct NewGrade {
  std::int64_t completion = 0;
  QueryId query_id = 0;
  Grade grade;
};

// A judgement that came with an imported sample.
struct NewLabel {
  std::string query;  // the query's id in its benchmark
  int sample = 0;
  Label label;
};

// One sample with everything that belongs to it, for export and show.
struct StoredSample {
  std::string model, benchmark, query;
  int sample = 0;
  SettingId setting = 0;
  std::vector<Message> messages;  // show only
  std::string prompt_text;        // show only
  std::vector<std::int32_t> prompt_token_ids;
  bool thinking = false;
  std::string gold;
  GraderKind grader = GraderKind::kMath;
  Completion completion;
  std::string numerics;
  std::optional<Grade> grade;  // of the newest grader version; none: not graded
  std::string grader_version;
};

// Which settings are meant; empty lists mean all.
struct ResultFilter {
  std::vector<std::string> models, benchmarks;
  std::vector<SettingId> settings;
};

struct StoreOptions {
  int lock_wait_ms = 3000;                    // for another writing process
  int busy_timeout_ms = 10000;                // for SQLite's own short locks
  std::optional<std::string> assume_network;  // for tests: the file system's kind ("" for local)
};

class Store {
 public:
  enum class Mode { kRead, kWrite };
  // kWrite makes the file when it is missing and brings an older version up to date; kRead throws
  // Error(kUsage) when it is missing. A file of a newer Quorum, and one that is no Quorum database,
  // are refused.
  static Store open(const std::filesystem::path& path, Mode mode, const StoreOptions& options = {});
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  const std::filesystem::path& path() const;
  // Remarks for people, such as a network file system.
  const std::vector<std::string>& warnings() const;

  // --- writing
  // -------------------------------------------------------------------------------------------------------
  RunId begin_run(const std::string& spec_json, const std::string& manifest_json);
  void finish_run(RunId run, RunState state);
  // Makes or finds the setting, and its queries with their prompts; `prompts` belongs to
  // benchmark.queries one to one. `samples` a query are wanted from now on, by the rule: the newest
  // run of the whole benchmark decides, before there is one the newest run of a part, whose queries
  // then are all that reports show.
  OpenSetting open_setting(RunId run, const Setting& setting, const Benchmark& benchmark,
                           std::span<const PreparedPrompt> prompts, int samples);
  // Makes completions that are stored under these keys samples of the setting. Returns how many of
  // the keys are stored.
  struct Link {
    int query = 0;  // index in OpenSetting::queries
    int sample = 0;
    std::string key;
  };
  std::int64_t link_stored(const OpenSetting& setting, std::span<const Link> links);
  // Durable on return. A key that is stored already is linked, and the new completion dropped.
  // Returns the completion's row.
  std::int64_t put_completion(RunId run, const OpenSetting& setting, int query, int sample,
                              const std::string& key, const Completion& completion,
                              const std::string& numerics);
  // One transaction. A grade of this version that is stored already stays; with `again` the new one
  // takes its place, and so becomes the newest.
  void put_grades(std::span<const NewGrade> grades, const std::string& grader_version,
                  bool again = false);
  // One transaction. A sample's newest label counts; one of a query that the setting does not have
  // is dropped.
  void put_labels(SettingId setting, std::span<const NewLabel> labels);

  // --- reading
  // -------------------------------------------------------------------------------------------------------
  // For each key whether it is stored.
  std::vector<bool> contains(std::span<const std::string> keys) const;
  // The numerics fingerprints of a setting's completions, sorted, without empty ones.
  std::vector<std::string> numerics(SettingId setting) const;
  // The same of the completions stored under these keys.
  std::vector<std::string> numerics_of(std::span<const std::string> keys) const;
  std::optional<SettingId> find_setting(const Setting& setting) const;
  // The mean number of tokens of the setting's completions; with `whole_model` those of all
  // settings of its model.
  std::optional<double> mean_tokens(const Setting& setting, bool whole_model) const;
  // Samples of the setting that have no grade of this version, or all of them with `all`, one at a
  // time. The callback runs outside the store's mutex, may write, and returns whether to go on.
  void for_each_ungraded(SettingId setting, const std::string& grader_version, bool all,
                         const std::function<bool(UngradedSample)>& visit) const;
  // The newest grade of any version; for what a second grading changes.
  std::optional<Grade> newest_grade(std::int64_t completion, QueryId query,
                                    std::string* version = nullptr) const;
  std::optional<Label> find_label(SettingId setting, QueryId query, int sample) const;
  // `tests`: with the tests of programs, which may be many megabytes.
  std::vector<Query> queries(SettingId setting, bool tests = true) const;
  std::vector<SettingInfo> settings(const ResultFilter& filter = {}) const;
  std::vector<RunInfo> runs() const;
  // Graded samples, small columns only. A setting's grades are those of the version that graded
  // last; a sample without such a grade is left out. `answer_class` is not filled in:
  // assign_answer_classes.
  std::vector<ResultSet> load_results(const ResultFilter& filter = {}) const;
  // Samples sorted by model, benchmark, query (all byte by byte), sample index, setting hash; one
  // at a time. The callback must not write, and returns whether to go on.
  void for_each_sample(const ResultFilter& filter,
                       const std::function<bool(const StoredSample&)>& visit) const;
  // One sample with its prompt; nullopt: not stored.
  std::optional<StoredSample> find_sample(SettingId setting, const std::string& query,
                                          int sample) const;

  struct Impl;  // store_impl.h

 private:
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace quorum
