// What the command line says, as plain values; cli/parse.cpp fills them, one verb's file uses each.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/run_spec.h"

namespace quorum::cli {

// Flags that every verb takes.
struct CommonOptions {
  bool quiet = false;     // no progress, no remarks
  bool no_color = false;  // also NO_COLOR and TERM=dumb
  bool json = false;      // data as JSON on stdout
};

struct RunOptions {
  CommonOptions common;
  RunSpec spec;
  bool dry_run = false;
  bool generate_only = false;
  std::string command;  // as it was typed, for the line that says how to resume
};

struct DatabaseOptions {
  CommonOptions common;
  std::filesystem::path db = "quorum.db";
  std::vector<std::string> models, benchmarks;  // empty: all
};

struct GradeOptions : DatabaseOptions {
  bool reasons = false;  // list samples of which only the reason changed
  std::string policy;
  ProgramSpec programs;
};
struct ListOptions : DatabaseOptions {};

struct ReportOptions : DatabaseOptions {
  std::string format = "text";
  std::filesystem::path out;  // empty: stdout
};

struct ExportOptions : DatabaseOptions {
  std::string format = "jsonl";
  std::filesystem::path out;
};

struct ImportOptions : DatabaseOptions {
  std::string benchmark, model;
  std::string label;  // the field that holds another grader's judgement; empty: the usual ones
  std::vector<std::filesystem::path> files, data;
  ProgramSpec programs;
};

struct AuditOptions : DatabaseOptions {
  std::vector<std::filesystem::path> files, data;  // no files: what the database holds
  std::string label;                               // as of an import
  std::string grader = "math";                     // of files without --bench
  std::string policy;
  ProgramSpec programs;
};

struct ShowOptions : DatabaseOptions {
  std::string query;
  int sample = 0;
};

struct DataOptions {
  CommonOptions common;
  std::string action;  // "list", "add", "check", "prompts"
  std::filesystem::path file;
  std::vector<std::filesystem::path> data;
};

// How a model is loaded, for the verbs that need one without a run.
struct ModelOptions {
  std::string model;
  std::string think = "auto";
  std::string device = "cpu";
  int threads = 0;
  std::optional<std::int64_t> kv_memory;  // not given: what suits the device
  std::string date;                       // YYYY-MM-DD; empty: today
};

struct GenerateOptions {
  CommonOptions common;
  ModelOptions model;
  std::optional<std::string> prompt;  // "-" and nullopt: stdin
  std::string system;
  bool raw = false;
  double temperature = 0.6, top_p = 0.95;
  int max_tokens = 32768;
  std::uint64_t seed = 0;
};

struct ProbeOptions {
  CommonOptions common;
  ModelOptions model;
  std::string action;  // "tokenize", "render", "logprobs"
  bool decode = false;
  int top = 0;
  std::string positions;  // "0,5,10-12"; empty: all
};

struct MathOptions {
  CommonOptions common;
  std::string gold, answer;
  bool has_answer = false;  // an empty answer is one too
  std::filesystem::path pairs, extract, clusters;
  bool verdicts = false;
  std::string policy, compat;
};

struct PerfOptions {
  CommonOptions common;
  ModelOptions model;
  std::string action;  // "engine", "attention", "gemm", "load", "math", "sandbox"
  std::filesystem::path workload, random_weights;
  std::string model_shape;
  std::optional<int> max_batch;
  double bandwidth = 0, flops = 0;     // of the device; 0: as known or measured
  std::vector<int> batches, contexts;  // empty: the defaults
  bool ragged = false, predict = false, no_overlap = false;
  std::optional<std::int64_t> swap_memory;  // engine
  std::filesystem::path data;               // math: golds; empty: generated ones
  int items = 20000, passes = 5;            // math; passes: sandbox too
  int programs = 2000;                      // sandbox
};

// Which sandbox programs run in.
struct SandboxOptions {
  std::string level;                 // "A" … "D"; empty: the strongest that holds
  std::vector<std::string> without;  // walls that a test leaves out
  std::filesystem::path python;      // empty: found
};

struct ExecOptions {
  CommonOptions common;
  SandboxOptions sandbox;
  std::filesystem::path file;
  std::optional<std::string> stdin_file;  // "-": stdin; not given: empty
  std::string language;                   // empty: by the file's name
  double seconds = 6;
  std::int64_t memory = std::int64_t{512} << 20, output = std::int64_t{16} << 20,
               scratch = std::int64_t{16} << 20;
};

struct DoctorOptions {
  CommonOptions common;
  SandboxOptions sandbox;
  std::vector<std::filesystem::path> data;
};

int run_verb(const RunOptions& options);
int grade_verb(const GradeOptions& options);
int report_verb(const ReportOptions& options);
int export_verb(const ExportOptions& options);
int import_verb(const ImportOptions& options);
int audit_verb(const AuditOptions& options);
int show_verb(const ShowOptions& options);
int list_verb(const ListOptions& options);
int data_verb(const DataOptions& options);
int generate_verb(const GenerateOptions& options);
int probe_verb(const ProbeOptions& options);
int math_verb(const MathOptions& options);
int perf_verb(const PerfOptions& options);
int exec_verb(const ExecOptions& options);
int doctor_verb(const DoctorOptions& options);

// Parses the arguments and runs the verb. Returns the exit code; throws Error.
int parse_and_run(int argc, char** argv);

}  // namespace quorum::cli
