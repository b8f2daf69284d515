#include "engine/scheduler.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <stdexcept>

#include "base/error.h"
#include "base/philox.h"
#include "support/catch.h"
#include "support/fake_backend.h"

using namespace quorum;
using quorum::testing::FakeBackend;
using quorum::testing::FakeSample;
using quorum::testing::solo_tokens;

namespace {

BackendLimits small_limits(int slots, int pages, int page_tokens, int prefill_tokens = 16) {
  return {slots, pages, page_tokens, 128, prefill_tokens, 0};
}

Prompt random_prompt(PhiloxStream& random, int length) {
  std::vector<TokenId> tokens;
  for (int i = 0; i < length; ++i) tokens.push_back(random.between(0, 39));
  return std::make_shared<const std::vector<TokenId>>(std::move(tokens));
}

EngineRequest request(std::uint64_t id, const Prompt& prompt, int max_tokens,
                      std::vector<TokenId> stop_ids = {}) {
  EngineRequest r;
  r.id = id;
  r.prompt = prompt;
  r.sample_key = id * 77 + 5;
  r.max_tokens = max_tokens;
  r.stop_ids = std::move(stop_ids);
  return r;
}

Engine::Source source_of(const std::vector<EngineRequest>& requests, std::size_t& next) {
  return [&requests, &next]() -> std::optional<EngineRequest> {
    if (next == requests.size()) return std::nullopt;
    return requests[next++];
  };
}

void require_solo_sample(const EngineRequest& r, const EngineCompletion& completion,
                         int max_positions = 128) {
  const int limit = std::min(r.max_tokens, max_positions - static_cast<int>(r.prompt->size()));
  const FakeSample solo = solo_tokens(*r.prompt, r.sample_key, limit, r.stop_ids);
  REQUIRE(completion.tokens == solo.tokens);
  REQUIRE(completion.logprob_sum == solo.logprob_sum);
  REQUIRE(completion.end == solo.end);
}

struct Workload {
  BackendLimits limits;
  int lag = 1;
  std::vector<EngineRequest> requests;
};

// Prompts of 1 to 70 tokens with up to 9 siblings each, a pool that holds the largest sequence and
// little more.
Workload random_workload(std::uint64_t seed) {
  PhiloxStream random(seed, 1);
  Workload work;
  work.lag = random.between(1, 4);
  const int page_tokens = random.below(2) == 0 ? 4 : 16;
  int needed = 1;
  const bool optimistic = random.below(4) != 0;
  const int prompts = random.between(1, 8), longest = random.between(1, 70),
            most_new = random.between(1, 60);
  for (int p = 0; p < prompts; ++p) {
    const Prompt prompt = random_prompt(random, random.between(1, longest));
    const int siblings = random.between(1, 9);
    for (int s = 0; s < siblings; ++s) {
      std::vector<TokenId> stops;
      if (random.below(3) != 0) stops = {random.between(0, 39), random.between(0, 39)};
      const int new_tokens = random.between(1, most_new);
      work.requests.push_back(request(work.requests.size(), prompt, new_tokens, stops));
      work.requests.back().block = s / 4;
      // Far too low at times, so that more is admitted than fits.
      if (optimistic) work.requests.back().expected_limit = random.between(1, 4);
      const int positions = std::min(128 - 1, static_cast<int>(prompt->size()) - 1 + new_tokens);
      needed = std::max(needed, (positions + page_tokens - 1) / page_tokens);
    }
  }
  if (random.below(3) == 0) {
    for (std::size_t i = work.requests.size() - 1; i > 0; --i) {
      std::swap(work.requests[i], work.requests[random.below(static_cast<std::uint32_t>(i + 1))]);
    }
  }
  const int spare = random.below(3) == 0 ? 0 : random.between(0, 4 * needed);
  work.limits =
      small_limits(random.between(1, 16), needed + spare, page_tokens, random.between(1, 80));
  if (random.below(3) != 0) work.limits.swap_pages = random.between(1, 6 * needed);
  return work;
}

}  // namespace

TEST_CASE("Every sample of a random workload equals its solo run and no page leaks",
          "[scheduler]") {
  std::int64_t preemptions = 0, swaps_out = 0, swaps_in = 0, copies = 0, wasted = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    INFO("seed " << seed);
    const Workload work = random_workload(seed);
    PhiloxStream random(seed, 2);
    FakeBackend backend(work.limits, work.lag);
    Scheduler scheduler(work.limits);
    std::map<std::uint64_t, EngineCompletion> done;
    std::map<std::uint64_t, std::vector<TokenId>> observed;
    const Engine::TokenObserver observer = [&](std::uint64_t id, const SampledToken& token) {
      observed[id].push_back(token.id);
    };
    std::size_t next = 0;
    int guard = 0;
    for (;;) {
      REQUIRE(++guard < 200000);
      while (next < work.requests.size() && scheduler.wants_request())
        scheduler.add(work.requests[next++]);
      if (next == work.requests.size()) scheduler.no_more_requests();
      // Running ahead as far as the lag allows, and sometimes less.
      if (backend.pending_steps() < work.lag &&
          (backend.pending_steps() == 0 || random.below(4) != 0)) {
        const StepPlan plan = scheduler.plan(guard);
        scheduler.check_integrity();
        if (!plan.empty()) {
          backend.enqueue(plan);
          continue;
        }
      }
      if (backend.pending_steps() == 0) break;
      for (EngineCompletion& completion : scheduler.take(backend.collect(), guard, observer)) {
        REQUIRE(done.count(completion.id) == 0);
        done[completion.id] = std::move(completion);
      }
      scheduler.check_integrity();
    }
    REQUIRE(scheduler.idle());
    REQUIRE(done.size() == work.requests.size());
    for (const EngineRequest& r : work.requests) {
      require_solo_sample(r, done.at(r.id));
      REQUIRE(observed.at(r.id) == done.at(r.id).tokens);
    }
    REQUIRE(scheduler.abandon().empty());
    REQUIRE(backend.all_slots_free());
    REQUIRE(scheduler.free_pages() == work.limits.pages);
    REQUIRE(scheduler.free_swap_pages() == work.limits.swap_pages);
    swaps_out += scheduler.stats().swaps_out;
    swaps_in += scheduler.stats().swaps_in;
    preemptions += scheduler.stats().preemptions;
    copies += backend.copies;
    wasted += scheduler.stats().decode_rows - scheduler.stats().generated_tokens;
  }
  CHECK(preemptions - swaps_out > 1000);
  CHECK(swaps_in > 1000);
  CHECK(swaps_out - swaps_in > 10);  // these ended among their pending rows
  CHECK(copies > 1000);
  CHECK(wasted > 1000);
}

TEST_CASE("A scheduler that is told to drop everything at any time leaks nothing and starts anew",
          "[scheduler]") {
  int swapped = 0;
  for (std::uint64_t seed = 7000; seed < 7600; ++seed) {
    INFO("seed " << seed);
    const Workload work = random_workload(seed);
    PhiloxStream random(seed, 3);
    FakeBackend backend(work.limits, work.lag);
    Scheduler scheduler(work.limits);
    for (int round = 0; round < 3; ++round) {
      std::size_t next = 0, done = 0;
      const int end = round < 2 ? random.between(0, 120) : 1 << 20;
      for (int turn = 0; turn < end; ++turn) {
        while (next < work.requests.size() && scheduler.wants_request())
          scheduler.add(work.requests[next++]);
        if (backend.pending_steps() < work.lag) {
          const StepPlan plan = scheduler.plan(turn);
          if (!plan.empty()) {
            backend.enqueue(plan);
            continue;
          }
        }
        if (backend.pending_steps() == 0) break;
        for (const EngineCompletion& completion : scheduler.take(backend.collect(), turn)) {
          const auto is_it = [&](const EngineRequest& r) { return r.id == completion.id; };
          require_solo_sample(*std::find_if(work.requests.begin(), work.requests.end(), is_it),
                              completion);
          ++done;
        }
      }
      if (round == 2) REQUIRE(done == work.requests.size());
      swapped += scheduler.free_swap_pages() < work.limits.swap_pages ? 1 : 0;
      while (backend.pending_steps() > 0) backend.collect();
      const StepPlan plan = scheduler.abandon();
      scheduler.check_integrity();
      if (!plan.empty()) {
        backend.enqueue(plan);
        backend.collect();
      }
      REQUIRE(scheduler.idle());
      REQUIRE(backend.all_slots_free());
      REQUIRE(scheduler.free_pages() == work.limits.pages);
      REQUIRE(scheduler.free_swap_pages() == work.limits.swap_pages);
    }
  }
  CHECK(swapped > 20);
}

TEST_CASE("Blocks are admitted in order and near the end the longest samples first",
          "[scheduler]") {
  PhiloxStream random(12);
  std::vector<EngineRequest> requests;
  const auto add = [&](int max_tokens, std::int32_t block) {
    requests.push_back(request(requests.size(), random_prompt(random, 3), max_tokens));
    requests.back().block = block;
  };
  for (const int max_tokens : {6, 50, 50, 50}) add(max_tokens, 0);
  add(4, 0);
  add(20, 1);
  add(30, 1);
  const auto order_of = [&](bool dry) {
    FakeBackend backend(small_limits(4, 500, 4));
    Scheduler scheduler(backend.limits());
    for (const EngineRequest& r : requests) scheduler.add(r);
    if (dry) scheduler.no_more_requests();
    std::vector<std::uint64_t> order;
    while (!scheduler.idle()) {
      backend.enqueue(scheduler.plan(0));
      for (const EngineCompletion& completion : scheduler.take(backend.collect(), 0))
        order.push_back(completion.id);
    }
    return order;
  };
  CHECK(order_of(false) == std::vector<std::uint64_t>{0, 4, 6, 1, 2, 3, 5});
  CHECK(order_of(true) == std::vector<std::uint64_t>{0, 6, 1, 2, 3, 4, 5});
}

TEST_CASE("No more is admitted than is forecast to fit", "[scheduler]") {
  PhiloxStream random(13);
  std::vector<EngineRequest> requests;
  for (std::uint64_t i = 0; i < 12; ++i)
    requests.push_back(request(i, random_prompt(random, 5), 60));  // 16 pages each
  FakeBackend backend(small_limits(12, 33, 4));
  Engine engine(backend);
  std::size_t next = 0, finished = 0;
  engine.run(source_of(requests, next), [&](EngineCompletion) { ++finished; }, {});
  CHECK(finished == 12);
  // All run to their limit, which is learnt while they do.
  CHECK(engine.stats().preemptions < 6);
  CHECK(engine.stats().decode_rows < 12 * 60 + 200);
  CHECK(engine.stats().slot_steps_empty == 12 * engine.stats().steps - engine.stats().decode_rows);
  CHECK(engine.stats().slot_steps_held_back > 0);
  CHECK(engine.stats().slot_steps_held_back < engine.stats().slot_steps_empty);
}

TEST_CASE("The engine delivers each request once through source and sink", "[engine]") {
  for (std::uint64_t seed = 5000; seed < 5300; ++seed) {
    INFO("seed " << seed);
    const Workload work = random_workload(seed);
    FakeBackend backend(work.limits, work.lag);
    Engine engine(backend);
    std::size_t next = 0;
    std::map<std::uint64_t, EngineCompletion> done;
    const Engine::Sink sink = [&](EngineCompletion completion) {
      REQUIRE(done.count(completion.id) == 0);
      done[completion.id] = std::move(completion);
    };
    engine.run(source_of(work.requests, next), sink, {});
    REQUIRE(done.size() == work.requests.size());
    for (const EngineRequest& r : work.requests) require_solo_sample(r, done.at(r.id));
    REQUIRE(backend.all_slots_free());
    REQUIRE(backend.pending_steps() == 0);
    REQUIRE(engine.stats().running == 0);
    REQUIRE(engine.stats().waiting == 0);
    const double occupancy = engine.stats().mean_occupancy();
    REQUIRE(occupancy > 0);
    REQUIRE(occupancy <= 1);
  }
}

TEST_CASE("Siblings prefill their prompt once and share its full pages", "[scheduler]") {
  PhiloxStream random(1);
  const Prompt prompt =
      random_prompt(random, 40);  // a prefix of 39: 9 full pages of 4 and a tail of 3
  FakeBackend backend(small_limits(8, 100, 4, 16));
  Engine engine(backend);
  std::vector<EngineRequest> requests;
  for (std::uint64_t i = 0; i < 8; ++i) requests.push_back(request(i, prompt, 4));
  std::size_t next = 0, finished = 0;
  engine.run(source_of(requests, next), [&](EngineCompletion) { ++finished; }, {});
  CHECK(finished == 8);
  CHECK(engine.stats().prefill_tokens == 39);
  CHECK(backend.prefilled == 39);
  CHECK(backend.copies == 7);  // the last sibling takes the tail over
  CHECK(backend.most_rows == 8);
  CHECK(engine.stats().generated_tokens == 32);
  // Three steps of prefill, the last sibling joins in with the others one step later.
  CHECK(engine.stats().steps == 3 + 4);
}

TEST_CASE("A prompt of one token needs no prefill", "[scheduler]") {
  PhiloxStream random(2);
  const EngineRequest r = request(3, random_prompt(random, 1), 9);
  FakeBackend backend(small_limits(2, 3, 4));
  Engine engine(backend);
  std::size_t next = 0;
  engine.run(source_of({r}, next), [&](EngineCompletion c) { require_solo_sample(r, c); }, {});
  CHECK(engine.stats().prefill_tokens == 0);
  CHECK(engine.stats().steps == 9);
}

TEST_CASE("A prefix outlives its siblings while nothing else needs its pages", "[scheduler]") {
  PhiloxStream random(3);
  const Prompt a = random_prompt(random, 33), b = random_prompt(random, 33);
  std::vector<EngineRequest> requests;
  for (std::uint64_t i = 0; i < 12; ++i) requests.push_back(request(i, i % 2 == 0 ? a : b, 3));
  for (const int pages : {3, 64}) {  // one sequence holds 3 pages of 16
    FakeBackend backend(small_limits(1, pages, 16, 64));
    Engine engine(backend);
    std::size_t next = 0, finished = 0;
    engine.run(source_of(requests, next), [&](EngineCompletion) { ++finished; }, {});
    CHECK(finished == 12);
    if (pages == 64) {
      CHECK(engine.stats().prefill_tokens == 64);
    } else {
      CHECK(engine.stats().prefill_tokens > 64 * 3);
    }
  }
}

TEST_CASE("A prefix that a running sibling reads is not evicted for nothing", "[scheduler]") {
  PhiloxStream random(10);
  const Prompt shared = random_prompt(random, 33);
  std::vector<EngineRequest> requests = {request(0, shared, 40)};
  for (std::uint64_t i = 1; i < 7; ++i)
    requests.push_back(request(i, random_prompt(random, 17), 2));
  requests.push_back(request(7, shared, 2));
  FakeBackend backend(small_limits(2, 8, 16, 64));  // the others' prefixes do not all stay
  Engine engine(backend);
  std::size_t next = 0, finished = 0;
  engine.run(source_of(requests, next), [&](EngineCompletion) { ++finished; }, {});
  CHECK(finished == 8);
  CHECK(engine.stats().prefill_tokens == 32 + 6 * 16);
  CHECK(engine.stats().preemptions == 0);
}

TEST_CASE("Preemption restarts the newest sequence or swaps it and changes no sample",
          "[scheduler]") {
  PhiloxStream random(4);
  std::vector<EngineRequest> requests;
  for (std::uint64_t i = 0; i < 6; ++i) {
    requests.push_back(request(i, random_prompt(random, 5), 60));
    requests.back().expected_limit = 1;  // so that all are admitted
  }
  for (const int swap_pages : {0, 20, 100}) {
    for (const int lag : {1, 3}) {
      BackendLimits limits = small_limits(6, 17, 4);  // one sequence needs 16 pages
      limits.swap_pages = swap_pages;
      FakeBackend backend(limits, lag);
      Engine engine(backend);
      std::size_t next = 0;
      std::vector<std::uint64_t> order;
      std::int64_t preemptions = 0;
      engine.run(source_of(requests, next),
                 [&](EngineCompletion c) {
                   require_solo_sample(requests[c.id], c);
                   order.push_back(c.id);
                   preemptions += c.preemptions;
                   CHECK((c.id > 0 || c.preemptions == 0));
                 },
                 {});
      CHECK(order == std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5});
      CHECK(preemptions > 0);
      const EngineStats stats = engine.stats();
      CHECK(stats.preemptions == preemptions);
      CHECK(stats.swaps_in == stats.swaps_out);
      if (swap_pages == 100) {
        CHECK(stats.swaps_out == preemptions);
        CHECK(stats.decode_rows == 6 * 60);
      } else {
        CHECK((stats.swaps_out > 0) == (swap_pages > 0));
        // Readmission waits for room to get further, so the work done twice stays bounded.
        CHECK(stats.decode_rows < 680);
      }
      CHECK(preemptions < 20);
    }
  }
}

TEST_CASE("A swapped sequence goes on where it was without prefill", "[scheduler]") {
  PhiloxStream random(11);
  std::vector<EngineRequest> requests;
  for (std::uint64_t i = 0; i < 2; ++i) {
    requests.push_back(request(i, random_prompt(random, 18), 30));
    requests.back().expected_limit = 1;
  }
  BackendLimits limits = small_limits(2, 14, 4, 64);  // each needs 12 pages, 4 of its prefix
  limits.swap_pages = 9;
  FakeBackend backend(limits);
  Engine engine(backend);
  std::size_t next = 0;
  engine.run(source_of(requests, next),
             [&](EngineCompletion c) { require_solo_sample(requests[c.id], c); }, {});
  CHECK(engine.stats().swaps_out > 0);
  CHECK(engine.stats().preemptions == engine.stats().swaps_out);
  CHECK(backend.swapped_out > 0);
  CHECK(backend.swapped_in == backend.swapped_out);
  CHECK(engine.stats().decode_rows == 60);
}

TEST_CASE("The token limit is cut to the context", "[scheduler]") {
  PhiloxStream random(5);
  const Prompt prompt = random_prompt(random, 100);
  const BackendLimits limits = small_limits(2, 64, 16);
  CHECK(token_limit(limits, request(0, prompt, 1000)) == 28);
  CHECK(token_limit(limits, request(0, prompt, 27)) == 27);
  FakeBackend backend(limits);
  Engine engine(backend);
  std::size_t next = 0;
  const std::vector<EngineRequest> requests = {request(0, prompt, 1000)};
  engine.run(source_of(requests, next),
             [&](EngineCompletion c) {
               CHECK(c.tokens.size() == 28);
               CHECK(c.end == SequenceEnd::kLength);
             },
             {});
}

TEST_CASE("A request that can never fit is refused before it runs", "[scheduler]") {
  PhiloxStream random(6);
  const BackendLimits limits = small_limits(2, 4, 16);
  const auto refusal = [&](const EngineRequest& r) {
    try {
      token_limit(limits, r);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::kUsage);
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(refusal(request(0, random_prompt(random, 10), 55)).empty());  // 64 positions: 4 pages
  const std::string memory = refusal(request(0, random_prompt(random, 10), 56));
  CHECK(memory.find("need 5 pages") != std::string::npos);
  CHECK(memory.find("available: 4") != std::string::npos);
  CHECK(memory.find("--kv-memory to at least 1.3 times") != std::string::npos);
  CHECK(refusal(request(0, random_prompt(random, 128), 1)).find("context") != std::string::npos);
  CHECK(refusal(request(0, random_prompt(random, 0), 1)).find("empty") != std::string::npos);
  CHECK(refusal(request(0, random_prompt(random, 2), 0)).find("--max-tokens") != std::string::npos);

  FakeBackend backend(limits);
  Engine engine(backend);
  std::vector<EngineRequest> requests = {request(0, random_prompt(random, 10), 5),
                                         request(1, random_prompt(random, 10), 99)};
  std::size_t next = 0, finished = 0;
  const Engine::Sink count = [&](EngineCompletion) { ++finished; };
  CHECK_THROWS_AS(engine.run(source_of(requests, next), count, {}), Error);
  CHECK(finished == 0);
  requests.pop_back();
  next = 0;
  engine.run(source_of(requests, next), count, {});
  CHECK(finished == 1);
}

TEST_CASE("A stop request ends the run at the next step and leaves the backend clean", "[engine]") {
  PhiloxStream random(7);
  std::vector<EngineRequest> requests;
  for (std::uint64_t i = 0; i < 40; ++i) {
    requests.push_back(request(i, random_prompt(random, 20), 5 + static_cast<int>(i)));
  }
  for (const int lag : {1, 4}) {
    FakeBackend backend(small_limits(4, 40, 4), lag);
    Engine engine(backend);
    std::stop_source stop;
    std::size_t next = 0, finished = 0;
    const Engine::Sink sink = [&](EngineCompletion c) {
      require_solo_sample(requests[c.id], c);
      if (++finished == 5) stop.request_stop();
    };
    engine.run(source_of(requests, next), sink, stop.get_token());
    CHECK(finished >= 5);
    CHECK(finished < 15);
    CHECK(backend.all_slots_free());
    CHECK(backend.pending_steps() == 0);
    next = 0;
    finished = 100;
    engine.run(source_of(requests, next), sink, {});
    CHECK(finished == 140);
  }
}

TEST_CASE("Errors of sink and source and observer pass through and the engine can run again",
          "[engine]") {
  PhiloxStream random(8);
  std::vector<EngineRequest> requests;
  for (std::uint64_t i = 0; i < 20; ++i)
    requests.push_back(request(i, random_prompt(random, 20), 12));
  for (const int lag : {1, 3}) {
    FakeBackend backend(small_limits(4, 30, 4), lag);
    Engine engine(backend);
    std::size_t next = 0;
    const Engine::Sink ignore = [](EngineCompletion) {};
    const Engine::Sink bad_sink = [](EngineCompletion) { throw std::runtime_error("sink"); };
    const Engine::Source bad_source = [&]() -> std::optional<EngineRequest> {
      if (next == 14) throw std::runtime_error("source");
      return requests[next++];
    };
    const Engine::TokenObserver bad_observer = [](std::uint64_t, const SampledToken&) {
      throw std::runtime_error("observer");
    };
    CHECK_THROWS_WITH(engine.run(source_of(requests, next), bad_sink, {}), "sink");
    next = 0;
    CHECK_THROWS_WITH(engine.run(bad_source, ignore, {}), "source");
    next = 0;
    CHECK_THROWS_WITH(engine.run(source_of(requests, next), ignore, {}, bad_observer), "observer");
    CHECK(backend.all_slots_free());
    next = 0;
    std::size_t finished = 0;
    engine.run(source_of(requests, next),
               [&](EngineCompletion c) {
                 require_solo_sample(requests[c.id], c);
                 ++finished;
               },
               {});
    CHECK(finished == requests.size());
  }
}

TEST_CASE("An error of the backend passes through and ends the use of the engine", "[engine]") {
  PhiloxStream random(9);
  const std::vector<EngineRequest> requests = {request(0, random_prompt(random, 20), 12)};
  FakeBackend backend(small_limits(4, 30, 4));
  backend.fail_at_step = 5;
  Engine engine(backend);
  std::size_t next = 0;
  const Engine::Sink ignore = [](EngineCompletion) {};
  CHECK_THROWS_WITH(engine.run(source_of(requests, next), ignore, {}),
                    "the fake backend fails as asked");
  CHECK_THROWS_AS(engine.run(source_of(requests, next), ignore, {}), Error);
}

TEST_CASE("The fake backend notices a missed copy of the last page", "[scheduler]") {
  FakeBackend backend(small_limits(2, 8, 4));
  StepPlan fill;
  fill.prefills.push_back({{0}, 0, {1, 2, 3}});
  backend.enqueue(fill);
  backend.collect();
  StepPlan plan;
  for (const SlotId slot : {0, 1}) {
    plan.starts.push_back({slot, {0}, 3, 7, {}, static_cast<std::uint64_t>(slot), 5, {}});
    plan.decodes.push_back({slot, 1});
  }
  CHECK_THROWS_WITH(backend.enqueue(plan), "plan: a write into positions that another slot reads");
}
