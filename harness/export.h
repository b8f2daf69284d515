// Samples as JSON lines, for scripts and for `import`.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "harness/store.h"

namespace quorum {

// One object without a line break: model, benchmark, query, sample, prompt_token_ids, token_ids,
// text, finish_reason, logprob_sum, answer, verdict, reason, truncated, in this order. What is
// unknown is null. Doubles in their shortest form that reads back the same; texts as UTF-8 with
// malformed parts replaced by U+FFFD. Nothing in it depends on when or where the sample was made.
std::string export_line(const StoredSample& sample);

// All samples that the filter lets through, in the order of Store::for_each_sample, one `write` a
// line, its line break included. Returns how many.
std::int64_t export_jsonl(const Store& store, const ResultFilter& filter,
                          const std::function<void(std::string_view)>& write);

}  // namespace quorum
