// The CPU backend as the scheduler drives it: the same bits whatever else is in the batch.
#include "engine/cpu/kv_pool.h"
#include "engine/cpu_backend.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <numeric>
#include <vector>

#include "base/error.h"
#include "base/philox.h"
#include "engine/cpu/isa.h"
#include "engine/cpu/peak.h"
#include "engine/reference_decoder.h"
#include "support/catch.h"

namespace quorum {
namespace {

DecoderSpec awkward_spec() {
  DecoderSpec spec;
  spec.architecture = "Test";
  spec.hidden = 99;
  spec.layers = 2;
  spec.heads = 6;
  spec.kv_heads = 2;
  spec.head_dim = 20;
  spec.intermediate = 19;
  spec.vocab = 111;
  spec.max_positions = 300;
  spec.qkv_bias = spec.o_bias = spec.mlp_bias = true;
  spec.qk_norm = true;
  return spec;
}

DecoderSpec tiny_spec() {
  DecoderSpec spec;
  spec.architecture = "Test";
  spec.hidden = 64;
  spec.layers = 3;
  spec.heads = 4;
  spec.kv_heads = 1;
  spec.head_dim = 16;
  spec.intermediate = 176;
  spec.vocab = 128;
  spec.max_positions = 512;
  spec.qkv_bias = true;
  spec.tied_embeddings = true;
  return spec;
}

struct Model {
  DecoderSpec spec;
  std::unique_ptr<WeightSource> source;
  DecoderWeights weights;

  explicit Model(const DecoderSpec& from)
      : spec(from), source(make_random_weights(spec, 7)), weights(bind_weights(spec, *source)) {}

  std::unique_ptr<Backend> backend(int threads = 1, int slots = 8) const {
    CpuBackendOptions options;
    options.threads = threads;
    options.slots = slots;
    return make_cpu_backend(spec, weights, options);
  }
};

std::vector<TokenId> make_tokens(int count, int vocab, std::uint64_t seed) {
  PhiloxStream stream(seed);
  std::vector<TokenId> tokens;
  for (int i = 0; i < count; ++i)
    tokens.push_back(static_cast<TokenId>(stream.below(static_cast<std::uint32_t>(vocab))));
  return tokens;
}

struct Sequence {
  std::vector<TokenId> prompt;
  SamplingParams sampling;
  std::uint64_t key = 0;
  int max_tokens = 0;
  std::vector<TokenId> stop_ids;

  std::vector<SampledToken> tokens;
  SequenceEnd end = SequenceEnd::kNone;
};

std::vector<Sequence> make_sequences(int count, int vocab) {
  std::vector<Sequence> all;
  for (int i = 0; i < count; ++i) {
    const auto seed = static_cast<std::uint64_t>(i);
    all.push_back({make_tokens(1 + i * 11 % 60, vocab, seed + 100),
                   {i % 5 == 0 ? 0.0 : 0.9, 0.95},
                   seed * 1234567 + 1,
                   20 + i * 7 % 30,
                   {},
                   {},
                   SequenceEnd::kNone});
  }
  return all;
}

// Pages in an order that has nothing to do with positions.
class Pages {
 public:
  Pages(int count, std::uint64_t seed) : free_(static_cast<std::size_t>(count)) {
    std::iota(free_.begin(), free_.end(), 0);
    PhiloxStream stream(seed);
    for (std::size_t i = free_.size(); i > 1; --i)
      std::swap(free_[i - 1], free_[stream.below(static_cast<std::uint32_t>(i))]);
  }
  PageId take() {
    const PageId page = free_.back();
    free_.pop_back();
    return page;
  }

 private:
  std::vector<PageId> free_;
};

struct Schedule {
  int slots = 8;    // sequences at once
  int chunk = 256;  // tokens of prefill a step
  bool decode_while_prefill = true;
  std::uint64_t page_seed = 1;
};

// A plain driver: admits sequences in order, prefills by chunks, grants a page when the next
// position needs one.
void drive(Backend& backend, std::vector<Sequence>& sequences, const Schedule& schedule) {
  const int page_tokens = backend.limits().page_tokens;
  Pages pages(400, schedule.page_seed);
  struct Running {
    Sequence* sequence;
    std::vector<PageId> pages;
    int done = 0, length = 0;
    bool started = false;
  };
  std::map<SlotId, Running> running;
  std::size_t next = 0, finished = 0;
  while (finished < sequences.size()) {
    StepPlan plan;
    for (SlotId slot = schedule.slots - 1; slot >= 0 && next < sequences.size(); --slot) {
      if (running.count(slot) == 0) running[slot] = {&sequences[next++], {}};
    }
    int left = schedule.chunk;
    for (auto& [slot, each] : running) {
      Sequence& sequence = *each.sequence;
      const int prefix = static_cast<int>(sequence.prompt.size()) - 1;
      if (!each.started) {
        const int take = std::min(left, prefix - each.done);
        left -= take;
        while (static_cast<int>(each.pages.size()) * page_tokens < prefix)
          each.pages.push_back(pages.take());
        if (take > 0) {
          plan.prefills.push_back(
              {each.pages, each.done,
               std::vector<TokenId>(sequence.prompt.begin() + each.done,
                                    sequence.prompt.begin() + each.done + take)});
          each.done += take;
        }
        if (each.done < prefix || (take > 0 && !schedule.decode_while_prefill)) continue;
        plan.starts.push_back({slot, each.pages, prefix, sequence.prompt.back(), sequence.sampling,
                               sequence.key, sequence.max_tokens, sequence.stop_ids});
        each.started = true;
        each.length = prefix;
      }
      if (each.length / page_tokens >= static_cast<int>(each.pages.size())) {
        each.pages.push_back(pages.take());
        plan.grants.push_back({slot, each.pages.back()});
      }
      plan.decodes.push_back({slot, 1});
      ++each.length;
    }
    backend.enqueue(plan);
    const std::vector<TokenEvent> events = backend.collect();
    REQUIRE(events.size() == plan.decodes.size());
    StepPlan stops;
    for (std::size_t i = 0; i < events.size(); ++i) {
      REQUIRE(events[i].slot == plan.decodes[i].slot);
      REQUIRE(events[i].tokens.size() == 1);
      Sequence& sequence = *running.at(events[i].slot).sequence;
      sequence.tokens.push_back(events[i].tokens[0]);
      if (events[i].end == SequenceEnd::kNone) continue;
      sequence.end = events[i].end;
      stops.stops.push_back(events[i].slot);
      running.erase(events[i].slot);
      ++finished;
    }
    if (!stops.empty()) {
      backend.enqueue(stops);
      REQUIRE(backend.collect().empty());
    }
  }
}

bool same(const std::vector<Sequence>& a, const std::vector<Sequence>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].end != b[i].end || a[i].tokens.size() != b[i].tokens.size()) return false;
    for (std::size_t k = 0; k < a[i].tokens.size(); ++k) {
      if (a[i].tokens[k].id != b[i].tokens[k].id ||
          a[i].tokens[k].logprob != b[i].tokens[k].logprob)
        return false;
    }
  }
  return true;
}

TEST_CASE("A sequence goes on from swapped pages with the bits of an uninterrupted run", "[cpu]") {
  const Model model(awkward_spec());
  std::vector<Sequence> alone = make_sequences(6, model.spec.vocab);
  const std::unique_ptr<Backend> reference = model.backend();
  CHECK(reference->limits().swap_pages == 0);
  drive(*reference, alone, {});

  CpuBackendOptions options;
  options.threads = 1;
  options.slots = 2;
  options.swap_bytes = 10 * cpu::KvPool::page_bytes(model.spec);
  const std::unique_ptr<Backend> backend = make_cpu_backend(model.spec, model.weights, options);
  REQUIRE(backend->limits().swap_pages == 10);
  const int page_tokens = backend->limits().page_tokens;
  const std::vector<TokenId> other = make_tokens(8 * page_tokens, model.spec.vocab, 5);

  for (std::size_t index = 0; index < alone.size(); ++index) {
    const Sequence& expected = alone[index];
    const int prefix = static_cast<int>(expected.prompt.size()) - 1;
    const int total = static_cast<int>(expected.tokens.size());
    for (const int cut : {1, total / 2, total - 1}) {
      INFO("sequence " << index << " after " << cut << " tokens");
      std::vector<SampledToken> tokens;
      SequenceEnd end = SequenceEnd::kNone;
      const auto run = [&](const StepPlan& plan) {
        backend->enqueue(plan);
        for (const TokenEvent& event : backend->collect()) {
          tokens.insert(tokens.end(), event.tokens.begin(), event.tokens.end());
          end = event.end;
        }
      };
      const auto start = [&](const std::vector<PageId>& pages, SlotId slot) {
        const int generated = static_cast<int>(tokens.size());
        return SlotStart{slot,
                         pages,
                         prefix + generated,
                         generated > 0 ? tokens.back().id : expected.prompt.back(),
                         expected.sampling,
                         expected.key,
                         expected.max_tokens,
                         {},
                         generated};
      };
      std::vector<PageId> pages = {0, 1, 2, 3, 4, 5, 6, 7}, later = {15, 3, 8, 0, 9, 1, 12, 2};
      StepPlan plan;
      if (prefix > 0)
        plan.prefills.push_back({pages, 0, {expected.prompt.begin(), expected.prompt.end() - 1}});
      plan.starts.push_back(start(pages, 0));
      plan.decodes.push_back({0, 1});
      run(plan);
      for (int i = 1; i < cut; ++i) {
        plan = {};
        plan.decodes.push_back({0, 1});
        run(plan);
      }
      // The step that swaps out writes over the pages.
      plan = {};
      const int held = (prefix + cut + page_tokens - 1) / page_tokens;
      for (int i = 0; i < held; ++i)
        plan.swap_outs.push_back({pages[static_cast<std::size_t>(i)], 9 - i});
      plan.prefills.push_back({pages, 0, other});
      plan.stops.push_back(0);
      run(plan);
      plan = {};
      for (int i = 0; i < held; ++i)
        plan.swap_ins.push_back({9 - i, later[static_cast<std::size_t>(i)]});
      plan.starts.push_back(start(later, 1));
      plan.decodes.push_back({1, 1});
      run(plan);
      while (end == SequenceEnd::kNone) {
        plan = {};
        plan.decodes.push_back({1, 1});
        run(plan);
      }
      plan = {};
      plan.stops.push_back(1);
      run(plan);
      REQUIRE(end == expected.end);
      REQUIRE(tokens.size() == expected.tokens.size());
      for (std::size_t i = 0; i < tokens.size(); ++i) {
        REQUIRE(tokens[i].id == expected.tokens[i].id);
        REQUIRE(tokens[i].logprob == expected.tokens[i].logprob);
      }
    }
  }
}

TEST_CASE("Logits of an awkward decoder agree with double", "[cpu]") {
  for (const int kv_heads : {1, 2, 6}) {
    DecoderSpec spec = awkward_spec();
    spec.kv_heads = kv_heads;
    const Model model(spec);
    const std::vector<TokenId> tokens = make_tokens(40, spec.vocab, 3);
    const std::vector<double> expected =
        testing::ReferenceDecoder(spec, model.weights).logits(tokens);
    const std::vector<float> got = model.backend()->logits(tokens);
    REQUIRE(got.size() == expected.size());
    double worst = 0, largest = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      worst = std::max(worst, std::abs(got[i] - expected[i]));
      largest = std::max(largest, std::abs(expected[i]));
    }
    CHECK(worst < 2e-5 * largest);
  }
}

TEST_CASE("A sample has the same bits alone and in every batch", "[cpu]") {
  for (const DecoderSpec& spec : {awkward_spec(), tiny_spec()}) {
    const Model model(spec);
    const std::vector<Sequence> fresh = make_sequences(11, spec.vocab);
    std::vector<Sequence> alone = fresh;
    const auto backend = model.backend();
    for (Sequence& sequence : alone) {
      std::vector<Sequence> one = {sequence};
      drive(*backend, one, {1, 256, true, 1});
      sequence = one[0];
      CHECK(sequence.end == SequenceEnd::kLength);
      CHECK(static_cast<int>(sequence.tokens.size()) == sequence.max_tokens);
    }
    int threads = 1;
    for (const Schedule& schedule : {Schedule{8, 256, true, 2}, Schedule{8, 1, true, 3},
                                     Schedule{3, 7, false, 4}, Schedule{5, 16, true, 5}}) {
      threads = 3 - threads;
      std::vector<Sequence> batch = fresh;
      drive(*model.backend(threads), batch, schedule);
      INFO("slots " << schedule.slots << " chunk " << schedule.chunk << " threads " << threads);
      CHECK(same(alone, batch));
    }
  }
}

TEST_CASE("Decode rows see the bits of logits over the whole sequence", "[cpu]") {
  const Model model(tiny_spec());
  const auto backend = model.backend();
  std::vector<Sequence> sequences = make_sequences(3, model.spec.vocab);
  drive(*backend, sequences, {});
  for (const Sequence& sequence : sequences) {
    std::vector<TokenId> tokens = sequence.prompt;
    for (const SampledToken& token : sequence.tokens) tokens.push_back(token.id);
    const std::vector<float> logits = backend->logits(tokens);
    const auto vocab = static_cast<std::size_t>(model.spec.vocab);
    for (std::size_t i = 0; i < sequence.tokens.size(); ++i) {
      const std::span<const float> row(logits.data() + (sequence.prompt.size() - 1 + i) * vocab,
                                       vocab);
      const SampledToken expected =
          sample_token(row, sequence.sampling, sequence.key, static_cast<std::uint32_t>(i));
      CHECK(expected.id == sequence.tokens[i].id);
      CHECK(expected.logprob == sequence.tokens[i].logprob);
    }
  }
}

TEST_CASE("Logits beyond one chunk equal those of shorter calls", "[cpu]") {
  const Model model(tiny_spec());
  const std::vector<TokenId> tokens = make_tokens(400, model.spec.vocab, 9);
  const std::vector<float> all = model.backend(2)->logits(tokens);
  for (const std::size_t count : {1u, 15u, 16u, 17u, 257u}) {
    const std::vector<float> part = model.backend()->logits(std::span(tokens).first(count));
    CHECK(std::equal(part.begin(), part.end(), all.begin()));
  }
  CHECK(model.backend()->logits({}).empty());
}

TEST_CASE("Logits of some positions are those of all", "[cpu]") {
  const Model model(tiny_spec());
  const std::vector<TokenId> tokens = make_tokens(300, model.spec.vocab, 10);
  const auto backend = model.backend();
  const std::vector<float> all = backend->logits(tokens);
  const auto vocab = static_cast<std::size_t>(model.spec.vocab);
  for (const std::vector<int>& positions :
       {std::vector<int>{0}, {299}, {1, 15, 16, 255, 256, 257, 299}, {255}, {}}) {
    std::vector<int> visited;
    backend->logits(tokens, positions, [&](int position, std::span<const float> row) {
      visited.push_back(position);
      REQUIRE(row.size() == vocab);
      const auto at = static_cast<std::ptrdiff_t>(position) * std::ssize(row);
      CHECK(std::equal(row.begin(), row.end(), all.begin() + at));
    });
    CHECK(visited == positions);
  }
  const int beyond[] = {300};
  CHECK_THROWS_AS(backend->logits(tokens, beyond, [](int, std::span<const float>) {}), Error);
}

TEST_CASE("A stop token ends a sequence and is part of it", "[cpu]") {
  const Model model(tiny_spec());
  const auto backend = model.backend();
  std::vector<Sequence> free = make_sequences(4, model.spec.vocab);
  drive(*backend, free, {});
  std::vector<Sequence> stopped = make_sequences(4, model.spec.vocab);
  for (std::size_t i = 0; i < stopped.size(); ++i)
    stopped[i].stop_ids = {127, free[i].tokens[5].id};
  drive(*backend, stopped, {});
  for (std::size_t i = 0; i < stopped.size(); ++i) {
    std::size_t first = 0;
    while (free[i].tokens[first].id != stopped[i].stop_ids[1] && free[i].tokens[first].id != 127)
      ++first;
    CHECK(stopped[i].end == SequenceEnd::kStop);
    CHECK(stopped[i].tokens.size() == first + 1);
  }
}

// A prompt of 20 tokens in page 3 and the first part of page 5, continued in a copy of page 5.
TEST_CASE("A copied page continues as the original would", "[cpu]") {
  const Model model(tiny_spec());
  const std::vector<TokenId> prompt = make_tokens(21, model.spec.vocab, 4);
  const auto generate = [&](bool copied) {
    const auto backend = model.backend();
    StepPlan prefill;
    prefill.prefills.push_back({{3, 5}, 0, std::vector<TokenId>(prompt.begin(), prompt.end() - 1)});
    backend->enqueue(prefill);
    backend->collect();
    StepPlan first;
    if (copied) first.copies.push_back({5, 9, 4});
    first.starts.push_back({2, {3, copied ? 9 : 5}, 20, prompt.back(), {0.8, 0.9}, 42, 30, {}});
    first.decodes.push_back({2, 1});
    backend->enqueue(first);
    std::vector<double> trace;
    for (int i = 0; i < 10; ++i) {
      for (const TokenEvent& event : backend->collect()) {
        trace.push_back(event.tokens[0].id);
        trace.push_back(event.tokens[0].logprob);
      }
      StepPlan step;
      step.decodes.push_back({2, 1});
      backend->enqueue(step);
    }
    return trace;
  };
  CHECK(generate(true) == generate(false));
}

TEST_CASE("Fingerprints tell models apart and nothing else", "[cpu]") {
  const Model tiny(tiny_spec()), awkward(awkward_spec());
  const std::string fingerprint = tiny.backend()->fingerprint();
  CHECK(fingerprint.size() == 16);
  CHECK(tiny.backend(2, 3)->fingerprint() == fingerprint);
  CHECK(awkward.backend()->fingerprint() != fingerprint);
  if (cpu::has_avx512()) {
    CpuBackendOptions options;
    options.isa = CpuBackendOptions::Isa::kAvx512;
    CHECK(make_cpu_backend(tiny.spec, tiny.weights, options)->fingerprint() == fingerprint);
    options.isa = CpuBackendOptions::Isa::kAvx2;
    CHECK(make_cpu_backend(tiny.spec, tiny.weights, options)->fingerprint() == fingerprint);
  }
}

TEST_CASE("A broken checkpoint is named with slot and position", "[cpu]") {
  Model model(tiny_spec());
  std::vector<float> norm(64, 1.0f);
  norm[17] = std::numeric_limits<float>::quiet_NaN();
  model.weights.final_norm = {DType::kF32, {64}, reinterpret_cast<const std::byte*>(norm.data())};
  const auto backend = model.backend();
  StepPlan plan;
  plan.starts.push_back({3, {0}, 0, 5, {}, 1, 4, {}});
  plan.decodes.push_back({3, 1});
  try {
    backend->enqueue(plan);
    backend->collect();
    FAIL("NaN logits were sampled");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::kData);
    CHECK(error.message().find("position 0 of slot 3") != std::string::npos);
    CHECK(error.hint().find("checkpoint is broken") != std::string::npos);
  }
  CHECK_THROWS_AS(backend->fingerprint(), Error);
}

TEST_CASE("What cannot run is refused with the reason", "[cpu]") {
  const Model model(tiny_spec());
  CpuBackendOptions options;
  options.kv_bytes = 10000;
  try {
    make_cpu_backend(model.spec, model.weights, options);
    FAIL("one page is not enough");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::kEnvironment);
    // 3 layers, 16 positions, 16 dimensions of K and of V, 4 bytes; two pages.
    CHECK(error.hint().find("12288") != std::string::npos);
  }
  options.kv_bytes = 12288;
  CHECK(make_cpu_backend(model.spec, model.weights, options)->limits().pages == 2);
  if (!cpu::has_avx512()) {
    options.isa = CpuBackendOptions::Isa::kAvx512;
    CHECK_THROWS_AS(make_cpu_backend(model.spec, model.weights, options), Error);
  }
  const auto backend = model.backend();
  const TokenId outside[] = {1, 128};
  CHECK_THROWS_AS(backend->logits(outside), Error);
  CHECK_THROWS_AS(backend->logits(make_tokens(513, 128, 1)), Error);
  CHECK_THROWS_AS(backend->collect(), Error);
}

TEST_CASE("Limits and the description say how the backend was made", "[cpu]") {
  const Model model(tiny_spec());
  CpuBackendOptions options;
  options.threads = 2;
  options.slots = 5;
  options.max_positions = 100;
  const auto backend = make_cpu_backend(model.spec, model.weights, options);
  const BackendLimits limits = backend->limits();
  CHECK(limits.slots == 5);
  CHECK(limits.max_positions == 100);
  CHECK(limits.page_tokens % 16 == 0);
  CHECK(limits.prefill_tokens > 0);
  CHECK(backend->description().find("cpu, AVX") == 0);
  CHECK(backend->description().find("2 threads") != std::string::npos);
  CHECK(model.backend()->limits().max_positions == 512);
}

TEST_CASE("The measured peak is a positive number of GFLOP/s", "[cpu]") {
  CHECK(measure_peak_gflops(1) > 1.0);
}

}  // namespace
}  // namespace quorum
