// From the store to rows of a report.
#pragma once

#include <vector>

#include "harness/store.h"
#include "reports/summary.h"

namespace quorum::cli {

// Rows for what the filter names, sorted as the store sorts settings. Votes are counted by the
// present grader's clusters.
std::vector<SummaryRow> summarize_store(const Store& store, const ResultFilter& filter);

}  // namespace quorum::cli
