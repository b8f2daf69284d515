// AIME 2024 and AIME 2025: 30 problems each, answers from 0 to 999.
//
// The published copies differ in order, field names, white space, figures, leading zeros of the
// answers and a few slips of the pen. A problem is recognised by its first words, gets the id of
// its place in the contest ("2024-II-15"), and its text is brought to one canonical form, so that
// every copy gives the same tasks and the same data set hash.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/task_set.h"

namespace quorum {

struct AimeFingerprint {
  const char* id;
  const char* head;  // the first 16 hex digits of SHA-256 over the first 48 letters and digits
  const char* text;  // over all letters and digits
  const char* gold;  // over "ID=ANSWER"
};
// In contest order.
const std::vector<AimeFingerprint>& aime_fingerprints();

// The text as the model gets it: figures dropped (no published copy has all of them), one space
// between words, LaTeX delimiters of one kind, known slips of single copies mended.
std::string canonical_aime_problem(std::string_view text);

// Reads any published shape of one year ("2024", "2025"): JSON array or JSONL; problem in `problem`
// or `question`, answer in `answer` or `expected_answer`, any capitalisation. The rows come out in
// contest order. Problems name rows that are not of that year or not the published text or answer,
// rows that appear twice, and those that are missing.
TaskSet parse_aime(std::string_view file, std::string_view year);

// The year whose problems the file mostly holds; empty: neither.
std::string recognise_aime(std::string_view file);

BenchmarkCard aime_card(std::string_view year);

}  // namespace quorum
