#include "cli/results.h"

#include "benchmarks/math/grader.h"

namespace quorum::cli {

std::vector<SummaryRow> summarize_store(const Store& store, const ResultFilter& filter) {
  const auto grader = make_answer_grader();
  std::vector<SummaryRow> rows;
  for (ResultSet& set : store.load_results(filter)) {
    assign_answer_classes(set, store.queries(set.setting), *grader);
    rows.push_back(summarize(set));
  }
  return rows;
}

}  // namespace quorum::cli
