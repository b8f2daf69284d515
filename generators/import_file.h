// Reads completions that were made elsewhere.
//
// A file is one of these; which one is found by looking at it:
// - `quorum export`: JSON lines with query, sample, text, finish_reason, …
// - lm-evaluation-harness (samples_*.jsonl): JSON lines with doc, resps, target, and a field for
//   each metric.
// - lighteval's details as JSON: doc, model_response, metric.
// - Qwen2.5-Math: JSON lines with question, gt, and `code`, a list of samples.
// - SkyThought: one object from problem texts to {answer, unique_id, responses: {key: {content}}}.
// - traces: rows with problem, gtruth_answer, message_thinking, message_content.
// - LiveCodeBench's evaluation files: rows with question_id, output_list, graded_list.
// - plain rows: id or problem, and text (or output, response, completion, or a list of them),
// optionally sample, answer. Rows are JSON lines or the elements of one JSON array.
//
// The judgement of another grader is kept beside the completion: of the fields correct, is_correct,
// correctness, score, exact_match, math_verify, acc, verdict or a metric that the row names; with
// the answer that it took (pred, prediction, extracted_answer, filtered_resps, …).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "harness/generator.h"
#include "harness/label.h"

namespace quorum {

struct ImportedSample {
  std::string file;
  int row = 0;                    // from 1
  std::string model, benchmark;   // where the file says so
  std::string id, problem, gold;  // each may be empty
  int sample = -1;                // -1: the file gives no index, order decides
  std::vector<std::int32_t> prompt_token_ids;
  Completion completion;
  bool open_thought = false;   // the text begins inside a thought
  std::optional<Label> label;  // what another grader said
};

// One row that could not be read.
struct ImportProblem {
  std::string file;
  int row = 0;        // 0: the whole file
  std::string field;  // empty: the whole row
  std::string what;
};

struct ImportFile {
  std::string shape;  // "export", "lm-eval", "lighteval", "qwen2.5-math", "skythought", "traces",
                      // "livecodebench", "plain"
  std::vector<ImportedSample> samples;
  std::vector<ImportProblem> problems;
};

// Limits: 4 GiB a file, 64 levels of nesting. Bad rows go to `problems`; a file without one good
// row is an Error(kData) that names its first problem. `name` is used in messages. `label` names
// the field with the judgement, which then every row must have; empty: the usual ones, where they
// are.
Result<ImportFile> parse_import(std::string_view text, const std::string& name,
                                const std::string& label = {});
Result<ImportFile> read_import_file(const std::filesystem::path& path,
                                    const std::string& label = {});

}  // namespace quorum
