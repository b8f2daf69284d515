#include "engine/perf.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/error.h"
#include "engine/scheduler.h"
#include "engine/workload_steps.h"

namespace quorum {

namespace {

std::vector<EngineRequest> make_requests(const BackendLimits& limits, const DecoderSpec& spec,
                                         const PerfWorkload& work) {
  std::vector<EngineRequest> requests;
  int longest = 0;
  for (const PerfQuery& query : work.queries) {
    for (const int length : query.lengths) longest = std::max(longest, length);
  }
  for (const PerfQuery& query : work.queries) {
    const auto prompt = std::make_shared<const std::vector<TokenId>>(query.prompt);
    for (const TokenId token : query.prompt) {
      if (token >= 0 && token < spec.vocab) continue;
      throw Error(ErrorKind::kUsage, "the workload does not fit the model",
                  "it has token " + std::to_string(token) + ", the vocabulary has " +
                      std::to_string(spec.vocab),
                  "use a workload that was made for this model");
    }
    for (const int length : query.lengths) {
      EngineRequest request;
      request.id = requests.size();
      request.prompt = prompt;
      request.sampling = work.sampling;
      request.sample_key = request.id;
      request.max_tokens = length;
      request.expected_limit = longest;
      if (token_limit(limits, request) < length) {
        throw Error(ErrorKind::kUsage, "the workload does not fit the model",
                    std::to_string(prompt->size()) + " prompt tokens and " +
                        std::to_string(length) + " new ones; the context has " +
                        std::to_string(limits.max_positions),
                    "use a shorter workload");
      }
      requests.push_back(std::move(request));
    }
  }
  return requests;
}

double workload_flop(const DecoderSpec& spec, const PerfWorkload& work) {
  double flop = 0;
  for (const PerfQuery& query : work.queries) {
    const auto prefix = static_cast<std::int64_t>(query.prompt.size()) - 1;
    flop += forward_flop(spec, 0, prefix, false);
    for (const int length : query.lengths)
      flop += forward_flop(spec, prefix, prefix + length, true);
  }
  return flop;
}

}  // namespace

double forward_flop(const DecoderSpec& spec, std::int64_t begin, std::int64_t end, bool sampled) {
  const auto count = static_cast<double>(end - begin);
  const double head = static_cast<double>(spec.hidden) * spec.vocab;
  const double macs = static_cast<double>(spec.matmul_macs_per_token()) - (sampled ? 0.0 : head);
  // A token at position p attends to p + 1: one multiply-add per query channel for the score, one
  // for the value.
  const double attended = count * (static_cast<double>(begin) + static_cast<double>(end) + 1) / 2;
  const double channels = static_cast<double>(spec.layers) * spec.heads * spec.head_dim;
  return 2 * (macs * count + 2 * channels * attended);
}

EnginePerf predict_engine(const Backend& backend, const DecoderSpec& spec,
                          const PerfWorkload& work) {
  const BackendLimits limits = backend.limits();
  make_requests(limits, spec, work);  // for its complaints
  WorkloadSteps expected = workload_steps(work, limits.slots);
  const double room = static_cast<double>(limits.pages) * limits.page_tokens;
  if (expected.most_positions > room) {
    throw Error(ErrorKind::kUsage, "a run would wait for KV memory, which --predict does not know",
                "the workload has up to " +
                    std::to_string(static_cast<std::int64_t>(expected.most_positions)) +
                    " tokens at once, the memory " +
                    std::to_string(static_cast<std::int64_t>(room)),
                "a smaller --max-batch, more --kv-memory, or leave --predict out");
  }
  EnginePerf perf;
  perf.predicted = true;
  perf.sequences = work.sequences();
  perf.tokens = work.new_tokens();
  perf.steps = std::move(expected.counts);
  std::int64_t steps = 0;
  for (const auto& [rows, group] : perf.steps) steps += group.steps;
  perf.decode_rows_per_step = static_cast<double>(perf.tokens) / static_cast<double>(steps);
  perf.occupancy = perf.decode_rows_per_step / limits.slots;
  perf.flop = workload_flop(spec, work);
  return perf;
}

EnginePerf measure_engine(Backend& backend, const DecoderSpec& spec, const PerfWorkload& work) {
  const std::vector<EngineRequest> requests = make_requests(backend.limits(), spec, work);
  StepCounter counter(backend);
  Engine engine(counter);
  EnginePerf perf;
  std::size_t next = 0;
  engine.run(
      [&]() -> std::optional<EngineRequest> {
        if (next == requests.size()) return std::nullopt;
        return requests[next++];
      },
      [&](EngineCompletion completion) {
        ++perf.sequences;
        perf.tokens += static_cast<std::int64_t>(completion.tokens.size());
      },
      {});
  QUORUM_CHECK(perf.tokens == work.new_tokens());
  const EngineStats stats = engine.stats();
  perf.prefill_tokens = stats.prefill_tokens;
  perf.seconds = stats.seconds;
  perf.tokens_per_second = static_cast<double>(perf.tokens) / std::max(perf.seconds, 1e-9);
  perf.decode_rows_per_step = stats.mean_occupancy() * stats.slots;
  perf.occupancy = stats.mean_occupancy();
  perf.preemptions = static_cast<int>(stats.preemptions);
  perf.swaps_out = stats.swaps_out;
  perf.swaps_in = stats.swaps_in;
  perf.flop = workload_flop(spec, work);
  perf.flop_per_second = perf.flop / std::max(perf.seconds, 1e-9);
  perf.steps = counter.counts();
  return perf;
}

}  // namespace quorum
