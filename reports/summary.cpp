#include "reports/summary.h"

#include <algorithm>

#include "base/sha256.h"
#include "reports/stats.h"

namespace quorum {
namespace {

// A stream of random numbers per query that depends on what is asked, not on how often reports were
// made.
std::uint64_t subset_key(const ResultSet& results, const std::string& query) {
  const auto digest = Sha256().field("cons@k").field(results.benchmark).field(query).digest();
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < 8; ++i) key = key << 8 | digest[i];
  return key;
}

bool is_tie(std::span<const Vote> votes) {
  std::vector<int> classes;
  for (const Vote& vote : votes)
    if (vote.answer_class >= 0) classes.push_back(vote.answer_class);
  std::sort(classes.begin(), classes.end());
  int most = 0, holders = 0;
  for (std::size_t begin = 0; begin < classes.size();) {
    std::size_t end = begin;
    while (end < classes.size() && classes[end] == classes[begin]) ++end;
    const auto count = static_cast<int>(end - begin);
    if (count > most) most = count, holders = 0;
    if (count == most) ++holders;
    begin = end;
  }
  return holders > 1;
}

std::optional<Reference> first_reference(const SummaryRow& row,
                                         bool (PublishedScore::*wanted)() const) {
  for (const PublishedScore& score : row.published)
    if ((score.*wanted)()) return Reference{score.value / 100, score.source};
  return std::nullopt;
}

}  // namespace

SummaryRow summarize(const ResultSet& results) {
  SummaryRow row;
  row.model = results.model;
  row.benchmark = results.benchmark;
  row.prompt_variant = results.prompt_variant;
  row.queries = static_cast<int>(results.queries.size());
  row.samples = std::min(results.complete_samples(), results.samples_wanted);
  row.samples_wanted = results.samples_wanted;
  row.complete = results.complete();
  row.partial = results.partial;
  row.mixed_numerics = results.mixed_numerics;
  row.published =
      find_published(results.published_as.empty() ? results.model : results.published_as,
                     results.published_benchmark);
  row.provenance = results;
  row.provenance.queries.clear();
  if (row.samples == 0 || row.queries == 0) return row;
  row.modes = summarize_modes(results, row.samples);

  std::vector<Counts> counts;
  std::vector<double> p, credit;
  std::vector<std::vector<Vote>> votes;
  row.cons_k = std::min(row.samples, 64);
  double tokens = 0, truncated = 0, no_answer = 0, pass_any = 0, ties = 0;
  for (const QueryResult& query : results.queries) {
    Counts count;
    std::vector<Vote>& ballot = votes.emplace_back();
    for (const SampleResult& sample : query.samples) {
      if (sample.sample >= row.samples) continue;
      ++count.samples;
      const bool correct = sample.verdict == Verdict::kCorrect;
      count.correct += correct ? 1 : 0;
      ballot.push_back({sample.verdict == Verdict::kNoAnswer ? -1 : sample.answer_class, correct});
      tokens += sample.tokens;
      truncated += sample.truncated ? 1 : 0;
      no_answer += sample.verdict == Verdict::kNoAnswer ? 1 : 0;
    }
    counts.push_back(count);
    p.push_back(static_cast<double>(count.correct) / count.samples);
    credit.push_back(consensus_at_k(ballot, row.cons_k, subset_key(results, query.query)));
    pass_any += pass_at_k(count, row.cons_k);
    ties += is_tie(ballot) ? 1 : 0;
  }
  const double all = static_cast<double>(row.queries) * row.samples;
  row.pass_at_1 = pass_at_1(counts);
  row.repeat_se = repeat_standard_error(counts);
  row.question_se = question_standard_error(p);
  double sum = 0;
  for (const double value : credit) sum += value;
  row.cons_at_k = sum / row.queries;
  row.cons_repeat_se = consensus_repeat_error(votes, row.cons_k, subset_key(results, ""));
  row.cons_question_se = question_standard_error(credit);
  row.pass_at_k = pass_any / row.queries;
  row.tied = ties / row.queries;
  row.truncated = truncated / all;
  row.no_answer = no_answer / all;
  if (tokens > 0) row.mean_tokens = tokens / all;  // imported texts may come without a count
  return row;
}

std::optional<Reference> reference_pass_at_1(const SummaryRow& row) {
  return first_reference(row, &PublishedScore::is_pass_at_1);
}

std::optional<Reference> reference_consensus(const SummaryRow& row) {
  return first_reference(row, &PublishedScore::is_consensus);
}

}  // namespace quorum
