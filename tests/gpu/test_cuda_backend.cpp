// The CUDA backend as a whole: logits beside the CPU's, and samples that are the same bits whatever
// happens around them.
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/cpu_backend.h"
#include "gpu/backend_cases.h"
#include "gpu/gpu.h"
#include "support/catch.h"
#include "support/engine_runs.h"

using namespace quorum;
using namespace quorum::testing;

namespace {

constexpr double kTolerance = 0.1;  // of logits, relative to the root of their squares
const std::vector<int> kPositions{0, 1, 7, 8, 62, 63, 64, 511, 1023, 1024, 1025, 1099};

using Logits = std::map<int, std::vector<float>>;

Logits logits_of(Backend& backend, const DecoderSpec& spec) {
  Logits all;
  backend.logits(random_tokens(1100, spec.vocab, 5), kPositions,
                 [&](int position, std::span<const float> row) {
                   all[position].assign(row.begin(), row.end());
                 });
  return all;
}

// The largest relative difference over the positions.
double difference(const Logits& some, const Logits& others) {
  REQUIRE(some.size() == others.size());
  double worst = 0;
  for (const auto& [position, row] : some) {
    const std::vector<float>& other = others.at(position);
    REQUIRE(row.size() == other.size());
    double error = 0, norm = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
      error += std::pow(static_cast<double>(row[i]) - static_cast<double>(other[i]), 2);
      norm += std::pow(static_cast<double>(other[i]), 2);
    }
    const double relative = std::sqrt(error / norm);
    worst = relative <= worst ? worst : relative;  // NaN counts
  }
  return worst;
}

}  // namespace

TEST_CASE("Logits of the GPU are those of the CPU up to the rounding of bf16", "[gpu]") {
  if (!has_gpu()) return;
  for (const DecoderSpec& spec : various_specs()) {
    INFO("hidden " << spec.hidden << ", heads " << spec.heads << ", vocab " << spec.vocab);
    const auto source = make_random_weights(spec, 7);
    const auto cuda = make_cuda_backend(spec, *source, options_with(8));
    const auto cpu = make_cpu_backend(spec, bind_weights(spec, *source), {});
    const Logits seen = logits_of(*cuda, spec);
    CHECK(seen.size() == kPositions.size());
    CHECK(difference(seen, logits_of(*cpu, spec)) < kTolerance);
  }
}

TEST_CASE("The tolerance between GPU and CPU notices mistakes") {
  for (const DecoderSpec& spec : various_specs()) {
    if (spec.hidden > 1000) continue;  // slow on a CPU
    INFO("hidden " << spec.hidden << ", heads " << spec.heads << ", vocab " << spec.vocab);
    const auto source = make_random_weights(spec, 7);
    const auto run = [](const DecoderSpec& s, const WeightSource& weights) {
      return logits_of(*make_cpu_backend(s, bind_weights(s, weights), {}), s);
    };
    const Logits right = run(spec, *source);
    DecoderSpec theta = spec;
    theta.rope.theta *= 100;
    CHECK(difference(run(theta, *source), right) > 2 * kTolerance);
    for (const auto& [part, value] : std::vector<std::pair<std::string, std::uint16_t>>{
             {"layernorm.weight", 0x3F80}, {"_norm.weight", 0x3F80}, {"bias", 0}}) {
      bool there = false;
      for (const std::string& name : source->names()) there |= name.find(part) != std::string::npos;
      if (!there) continue;
      INFO(part);
      CHECK(difference(run(spec, ReplacedWeights(*source, part, value)), right) > 2 * kTolerance);
    }
  }
}

TEST_CASE("GPU samples are the same bits for all batches and orders and graphs and swaps",
          "[gpu]") {
  if (!has_gpu()) return;
  std::int64_t restarts = 0, swaps_out = 0, swaps_in = 0;
  for (const DecoderSpec& spec : various_specs()) {
    INFO("hidden " << spec.hidden << ", heads " << spec.heads << ", vocab " << spec.vocab);
    const auto source = make_random_weights(spec, 11);
    const auto requests = make_requests(spec, {1, 2, 64, 65, 129, 300, 40}, 5, 150);
    const auto open = [&](const CudaBackendOptions& options) {
      return make_cuda_backend(spec, *source, options);
    };
    const Run alone = run_all(*open(options_with(1)), requests);
    bool stopped = false, cut = false;
    for (const auto& [id, completion] : alone.completions) {
      stopped |= completion.end == SequenceEnd::kStop;
      cut |= completion.end == SequenceEnd::kLength;
    }
    CHECK(stopped);
    CHECK(cut);
    const auto wide = open(options_with(64));
    require_equal(run_all(*wide, requests), alone);
    require_equal(run_all(*wide, requests, 4), alone);
    require_equal(run_all(*open(options_with(7)), requests, 3), alone);

    CudaBackendOptions eager = options_with(64);
    eager.graphs = false;
    require_equal(run_all(*open(eager), requests), alone);

    for (const int blocks : {0, 30, 66}) {  // of which the widest models take notice
      CudaBackendOptions halves = options_with(64);
      halves.attention_beside = blocks;
      require_equal(run_all(*open(halves), requests, 2), alone);
    }

    CudaBackendOptions tight = options_with(64, 18 * page_bytes(spec));
    tight.attention_beside = 50;
    const Run restarted = run_all(*open(tight), requests);
    require_equal(restarted, alone);
    restarts += restarted.stats.preemptions;
    tight.swap_bytes = 64 * page_bytes(spec);
    const Run swapped = run_all(*open(tight), requests);
    require_equal(swapped, alone);
    swaps_out += swapped.stats.swaps_out;
    swaps_in += swapped.stats.swaps_in;
    require_equal(run_all(*open(tight), requests, 5), alone);
  }
  CHECK(restarts > 0);
  CHECK(swaps_out > 0);
  CHECK(swaps_in > 0);
}

TEST_CASE("Samples beyond 8,192 positions of the 7B shape do not depend on batch or swaps",
          "[gpu]") {
  if (!has_gpu()) return;
  DecoderSpec spec = various_specs().back();
  spec.max_positions = 16384;
  spec.intermediate = 18944;
  spec.vocab = 8000;
  const auto requests = make_requests(spec, {8190, 8300, 9300, 50}, 3, 90);
  const auto open = [&](const CudaBackendOptions& options) {
    return make_cuda_backend_random(spec, 5, options);
  };
  const Run alone = run_all(*open(options_with(1, std::int64_t{2} << 30)), requests);
  const auto wide = open(options_with(512, std::int64_t{4} << 30));
  require_equal(run_all(*wide, requests), alone);
  require_equal(run_all(*wide, requests, 9), alone);
  CudaBackendOptions halves = options_with(64, std::int64_t{4} << 30);
  halves.attention_beside = 66;
  require_equal(run_all(*open(halves), requests, 4), alone);
  CudaBackendOptions tight = options_with(64, 330 * page_bytes(spec));
  tight.swap_bytes = 2000 * page_bytes(spec);
  require_equal(run_all(*open(tight), requests, 2), alone);
}

TEST_CASE("Samples are the same with attention beside products, whatever its multiprocessors",
          "[gpu]") {
  if (!has_hopper()) return;
  DecoderSpec spec = small_spec();  // wide products, several tiles of tokens, splits of K
  spec.hidden = 1024;
  spec.layers = 3;
  spec.heads = 8;
  spec.head_dim = 128;
  spec.intermediate = 5120;
  spec.vocab = 10000;
  const auto requests = make_requests(spec, {1, 63, 130, 1100}, 75, 60);
  std::int64_t same = 0;
  std::optional<Run> first;
  for (const int blocks : {0, 40, 52, 66, 80}) {
    INFO(blocks << " multiprocessors for attention");
    CudaBackendOptions options = options_with(300, std::int64_t{1} << 30);
    options.attention_beside = blocks;
    const auto backend = make_cuda_backend_random(spec, 4, options);
    const Run run = run_all(*backend, requests);
    if (first) require_equal(run, *first), ++same;
    if (!first) first = run;
    CHECK(backend->profile_step(300, 500)->attention_beside == blocks);
    CHECK(backend->profile_step(1, 500)->attention_beside == 0);
  }
  CHECK(same == 4);
}

TEST_CASE("A few steps of a small model draw the same samples alone and together", "[gpu]") {
  if (!has_gpu()) return;
  DecoderSpec spec = small_spec();
  spec.layers = 1;
  const auto requests = make_requests(spec, {70, 3}, 2, 6);
  const Run alone = run_all(*make_cuda_backend_random(spec, 2, options_with(1)), requests);
  require_equal(run_all(*make_cuda_backend_random(spec, 2, options_with(4)), requests), alone);
}

TEST_CASE("Logits of early positions do not need those behind them", "[gpu]") {
  if (!has_gpu()) return;
  const DecoderSpec spec = small_spec();
  const auto source = make_random_weights(spec, 6);
  const auto backend = make_cuda_backend(spec, *source, options_with(4));
  const std::vector<TokenId> tokens = random_tokens(1500, spec.vocab, 8);
  std::map<int, std::vector<float>> of_all;
  backend->logits(tokens, std::vector<int>{0, 70, 1499},
                  [&](int position, auto row) { of_all[position].assign(row.begin(), row.end()); });
  backend->logits(tokens, std::vector<int>{0, 70}, [&](int position, auto row) {
    CHECK(std::equal(row.begin(), row.end(), of_all.at(position).begin()));
  });
  backend->logits(tokens, {}, [&](int, auto) { FAIL("no position was asked for"); });
}

TEST_CASE("The greedy token is the largest logit that probing shows", "[gpu]") {
  if (!has_gpu()) return;
  const DecoderSpec spec = small_spec();
  const auto source = make_random_weights(spec, 2);
  const auto backend = make_cuda_backend(spec, *source, options_with(4));
  auto requests = make_requests(spec, {70}, 1, 60);
  requests[0].sampling.temperature = 0;
  requests[0].stop_ids.clear();
  const Run run = run_all(*backend, requests);
  const std::vector<TokenId>& made = run.completions.at(0).tokens;
  std::vector<TokenId> text = *requests[0].prompt;
  text.insert(text.end(), made.begin(), made.end());
  std::vector<int> positions;
  for (std::size_t i = 0; i < made.size(); ++i) positions.push_back(static_cast<int>(69 + i));
  backend->logits(text, positions, [&](int position, std::span<const float> row) {
    const auto largest = std::max_element(row.begin(), row.end()) - row.begin();
    CHECK(largest == made.at(static_cast<std::size_t>(position - 69)));
  });
}
