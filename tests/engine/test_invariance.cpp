// The engine over the CPU backend gives each sample bit for bit, whatever else happens around it.
#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "base/philox.h"
#include "engine/cpu/kv_pool.h"
#include "engine/cpu_backend.h"
#include "engine/engine.h"
#include "support/catch.h"
#include "support/engine_runs.h"

using namespace quorum;
using quorum::testing::require_equal;
using quorum::testing::Run;

namespace {

DecoderSpec small_spec() {
  DecoderSpec spec;
  spec.architecture = "Test";
  spec.hidden = 48;
  spec.layers = 2;
  spec.heads = 4;
  spec.kv_heads = 2;
  spec.head_dim = 16;
  spec.intermediate = 96;
  spec.vocab = 200;
  spec.max_positions = 256;
  spec.qkv_bias = true;
  return spec;
}

struct Model {
  DecoderSpec spec = small_spec();
  std::unique_ptr<WeightSource> source = make_random_weights(spec, 11);
  DecoderWeights weights = bind_weights(spec, *source);
};

// Prompts of 1 to 90 tokens with 5 siblings each; stop ids and limits that end samples early and
// late; several temperatures.
std::vector<EngineRequest> make_requests(const DecoderSpec& spec) {
  PhiloxStream random(3);
  std::vector<EngineRequest> requests;
  for (const int length : {1, 2, 16, 17, 33, 40, 90, 64, 5, 31}) {
    std::vector<TokenId> tokens;
    for (int i = 0; i < length; ++i) tokens.push_back(random.between(0, spec.vocab - 1));
    const auto prompt = std::make_shared<const std::vector<TokenId>>(std::move(tokens));
    for (int sibling = 0; sibling < 5; ++sibling) {
      EngineRequest request;
      request.id = requests.size();
      request.prompt = prompt;
      request.sampling.temperature = sibling == 4 ? 0.0 : 0.6 + 0.3 * sibling;
      request.sampling.top_p = sibling == 3 ? 1.0 : 0.95;
      request.sample_key = 1000 + request.id;
      request.max_tokens = random.between(1, 70);
      if (sibling % 2 == 0) request.stop_ids = {random.between(0, 199), random.between(0, 199)};
      requests.push_back(std::move(request));
    }
  }
  return requests;
}

// Gives tokens of a backend some steps late, as a GPU does: rows of a sequence that has ended by
// then come without a meaning.
class LateBackend : public Backend {
 public:
  LateBackend(Backend& backend, int lag)
      : backend_(backend), lag_(lag), ended_(static_cast<std::size_t>(backend.limits().slots)) {}

  BackendLimits limits() const override { return backend_.limits(); }
  int lag() const override { return lag_; }
  void logits(std::span<const TokenId> tokens, std::span<const int> positions,
              const LogitsVisitor& visit) override {
    backend_.logits(tokens, positions, visit);
  }
  std::string fingerprint() override { return backend_.fingerprint(); }
  std::string description() const override { return backend_.description(); }

  void enqueue(const StepPlan& plan) override {
    StepPlan real = plan;
    for (const SlotStart& start : plan.starts) ended(start.slot) = false;
    std::erase_if(real.decodes, [&](const DecodeRow& row) { return ended(row.slot); });
    backend_.enqueue(real);
    const std::vector<TokenEvent> made = backend_.collect();
    std::vector<TokenEvent> events;
    std::size_t next = 0;
    for (const DecodeRow& row : plan.decodes) {
      if (ended(row.slot)) {
        events.push_back({row.slot, {{0, 0.0}}, SequenceEnd::kStop});
      } else {
        events.push_back(made.at(next++));
        ended(row.slot) = events.back().end != SequenceEnd::kNone;
      }
    }
    pending_.push_back(std::move(events));
  }
  std::vector<TokenEvent> collect() override {
    std::vector<TokenEvent> events = std::move(pending_.front());
    pending_.pop_front();
    return events;
  }

 private:
  std::vector<bool>::reference ended(SlotId slot) { return ended_[static_cast<std::size_t>(slot)]; }

  Backend& backend_;
  int lag_;
  std::vector<bool> ended_;
  std::deque<std::vector<TokenEvent>> pending_;
};

Run run_all(const Model& model, const CpuBackendOptions& options,
            const std::vector<EngineRequest>& requests, std::uint64_t shuffle = 0, int lag = 1) {
  const auto backend = make_cpu_backend(model.spec, model.weights, options);
  LateBackend late(*backend, lag);
  return testing::run_all(lag > 1 ? late : *backend, requests, shuffle);
}

CpuBackendOptions options_with(int slots, int threads, std::int64_t kv_bytes = 64 << 20) {
  CpuBackendOptions options;
  options.slots = slots;
  options.threads = threads;
  options.kv_bytes = kv_bytes;
  return options;
}

}  // namespace

TEST_CASE(
    "Samples have the same bits for every batch size and thread count and order and KV memory",
    "[invariance]") {
  const Model model;
  std::vector<EngineRequest> requests = make_requests(model.spec);
  const Run alone = run_all(model, options_with(1, 1), requests);
  REQUIRE(alone.completions.size() == requests.size());
  CHECK(alone.stats.preemptions == 0);
  bool stopped = false, cut = false;
  for (const auto& [id, completion] : alone.completions) {
    stopped |= completion.end == SequenceEnd::kStop;
    cut |= completion.end == SequenceEnd::kLength;
  }
  CHECK(stopped);
  CHECK(cut);

  require_equal(run_all(model, options_with(64, 1), requests), alone);
  require_equal(run_all(model, options_with(64, 2), requests), alone);
  require_equal(run_all(model, options_with(7, 2), requests, 3), alone);
  require_equal(run_all(model, options_with(64, 1), requests, 4), alone);

  // The longest prompt with its answer takes 10 pages of 16: hardly more than one sequence fits.
  const std::int64_t page = cpu::KvPool::page_bytes(model.spec);
  // With samples that turn out longer than expected it runs full.
  for (EngineRequest& request : requests) request.expected_limit = 1;
  for (const int pages : {10, 14, 24}) {
    for (const std::uint64_t shuffle : {0, 5}) {
      for (const int swap_pages : {0, 7, 200}) {
        for (const int lag : {1, 3}) {
          INFO(pages << " pages, " << swap_pages << " in swap space, lag " << lag);
          CpuBackendOptions options = options_with(64, 1, pages * page);
          options.swap_bytes = swap_pages * page;
          const Run tight = run_all(model, options, requests, shuffle, lag);
          require_equal(tight, alone);
          CHECK(tight.stats.preemptions > 0);
          CHECK((tight.stats.swaps_in > 0) == (swap_pages > 0));
          if (swap_pages == 200) CHECK(tight.stats.swaps_out == tight.stats.preemptions);
          CHECK(tight.stats.generated_tokens == alone.stats.generated_tokens);
        }
      }
    }
  }
}

TEST_CASE("A prefix computed once for siblings saves prefill and changes nothing", "[invariance]") {
  const Model model;
  const std::vector<EngineRequest> requests = make_requests(model.spec);
  std::vector<EngineRequest> strangers = requests;
  for (EngineRequest& request : strangers) {
    request.prompt = std::make_shared<const std::vector<TokenId>>(*request.prompt);
  }
  const Run shared = run_all(model, options_with(64, 1), requests);
  const Run apart = run_all(model, options_with(64, 1), strangers);
  require_equal(apart, shared);
  CHECK(apart.stats.prefill_tokens == 5 * shared.stats.prefill_tokens);
}
