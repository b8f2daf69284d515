// Everything that a run depends on, in one value: what flags and `--spec FILE` say.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "harness/generator.h"

namespace quorum {

// How programs are judged (queries with tests).
struct ProgramSpec {
  std::string modes = "process,lcb-official";  // the first decides
  std::string code_block = "last";             // or "official": which block is the program
  std::string sandbox_level;                   // empty: the strongest that holds
};

struct RunSpec {
  std::string model;
  std::string published_as;
  std::vector<std::string> benchmarks;  // names or .jsonl files
  std::string prompt;                   // variant; empty: the default
  std::string policy;                   // readings of answers (docs/GRADING.md); empty: the default
  ProgramSpec programs;
  std::string think = "auto";  // auto, force, off, template
  int samples = 64;
  SamplingSettings sampling;  // temperature, top_p, max_tokens, seed
  std::optional<int> limit;
  std::vector<std::string> ids;
  std::string device = "cpu";
  std::optional<int> max_batch;             // sequences at once; not given: what suits the device
  int threads = 0;                          // 0: one a core
  std::optional<std::int64_t> kv_memory;    // bytes; not given: what suits the device
  std::optional<std::int64_t> swap_memory;  // bytes; not given: what suits the device
  bool no_overlap = false;                  // on a GPU: attention and products one after the other
  std::optional<std::uint64_t> shuffle;
  bool allow_mixed = false;
  // The day that templates which ask for one see, YYYY-MM-DD. Fixed, because a prompt that changes
  // overnight would make every stored sample another one.
  std::string date = "2025-01-20";
  std::vector<std::filesystem::path> data;  // folders
  std::filesystem::path db = "quorum.db";
};

// The names of all keys of a spec file, as flags spell them ("max-tokens").
const std::vector<std::string>& run_spec_keys();

// Reads a JSON object with comments over `base`: keys are the flags' names, with '-' or '_'.
// `bench` and `ids` take a list or a text with commas, `kv-memory` a number of bytes or a text such
// as "2G". An unknown key, a wrong type and a value out of range are errors that name file and key.
Result<RunSpec> parse_run_spec_json(std::string_view text, const std::string& file,
                                    const RunSpec& base = {});
// JSON with every key, in the order of run_spec_keys(); parse_run_spec_json reads it back.
std::string to_json(const RunSpec& spec);

// Ranges and names; `what` begins the message ("--samples", or "spec.json: samples"). nullopt:
// good.
std::optional<Error> check_run_spec(const RunSpec& spec);

// "512M", "2G", "1.5GiB", "1000": bytes, with binary units. nullopt when it is none, negative or
// beyond 2^62.
std::optional<std::int64_t> parse_byte_size(std::string_view text);
// Midnight UTC of YYYY-MM-DD in Unix seconds.
std::optional<std::int64_t> parse_date(std::string_view date);

}  // namespace quorum
