// Offline workloads on which engines are compared: prompts, and for each the lengths of the samples
// to draw. Lengths are exact: nothing stops a sample early, so every engine does the same work.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "engine/decoder_spec.h"
#include "engine/sampler.h"

namespace quorum {

struct PerfQuery {
  std::vector<TokenId> prompt;  // not empty
  std::vector<int> lengths;     // new tokens of each sample, at least 1
};

struct PerfWorkload {
  std::string model, kind;  // as the file says, for people; may be empty
  SamplingParams sampling;
  std::vector<PerfQuery> queries;

  int sequences() const;
  std::int64_t new_tokens() const;
};

// Parses `{"model","kind","temperature","top_p","queries":[{"prompt":[ids],"lengths":[n]}]}`; all
// but `queries` may be absent. `file` is named in errors. At most 10^6 sequences and 2^27 tokens.
Result<PerfWorkload> parse_perf_workload(std::string_view json, const std::string& file);

// 64 sequences: 8 prompts of 64 tokens with 8 samples of 128 new tokens each. Always the same for
// one vocabulary size.
PerfWorkload default_perf_workload(int vocab);

}  // namespace quorum
