#include "harness/results.h"

#include <algorithm>

#include "base/error.h"

namespace quorum {
namespace {

int leading_samples(const QueryResult& query) {
  int count = 0;
  for (const SampleResult& sample : query.samples) {
    if (sample.sample != count) break;
    ++count;
  }
  return count;
}

}  // namespace

int ResultSet::complete_samples() const {
  if (queries.empty()) return 0;
  int common = leading_samples(queries.front());
  for (const QueryResult& query : queries) common = std::min(common, leading_samples(query));
  const int whole_blocks = common / kSampleBlock * kSampleBlock;
  return common >= samples_wanted ? std::max(samples_wanted, whole_blocks) : whole_blocks;
}

void assign_answer_classes(ResultSet& set, std::span<const Query> queries, const Grader& grader) {
  for (QueryResult& result : set.queries) {
    const auto query = std::find_if(queries.begin(), queries.end(),
                                    [&](const Query& q) { return q.id == result.query; });
    QUORUM_CHECK(query != queries.end(), result.query);
    std::vector<std::string> answers;
    for (const SampleResult& sample : result.samples)
      if (sample.answer) answers.push_back(*sample.answer);
    if (answers.empty()) continue;
    const std::vector<int> classes = grader.clusters(*query, answers);
    QUORUM_CHECK(classes.size() == answers.size());
    std::size_t next = 0;
    for (SampleResult& sample : result.samples)
      sample.answer_class = sample.answer ? classes[next++] : -1;
  }
}

}  // namespace quorum
