#include "engine/perf.h"

#include <string>

#include "base/error.h"
#include "engine/perf_split.h"
#include "engine/workload_steps.h"
#include "support/catch.h"
#include "support/fake_backend.h"

using namespace quorum;
using quorum::testing::FakeBackend;

namespace {

DecoderSpec toy_spec() {
  DecoderSpec spec;
  spec.hidden = 8;
  spec.layers = 2;
  spec.heads = 2;
  spec.kv_heads = 1;
  spec.head_dim = 4;
  spec.intermediate = 16;
  spec.vocab = 40;
  spec.max_positions = 64;
  return spec;
}

std::string error_of(const std::string& json) {
  const Result<PerfWorkload> result = parse_perf_workload(json, "work.json");
  return result.ok() ? std::string() : result.error().what();
}

}  // namespace

TEST_CASE("A workload file is read field by field", "[perf]") {
  const PerfWorkload work =
      parse_perf_workload(
          R"({"model":"7b","kind":"flat","temperature":0.7,"top_p":1.0,"extra":null,
          "queries":[{"prompt":[3,4,5],"lengths":[7,9]},{"prompt":[1],"lengths":[2]}]})",
          "work.json")
          .take();
  CHECK(work.model == "7b");
  CHECK(work.kind == "flat");
  CHECK(work.sampling.temperature == 0.7);
  CHECK(work.sampling.top_p == 1.0);
  REQUIRE(work.queries.size() == 2);
  CHECK(work.queries[0].prompt == std::vector<TokenId>{3, 4, 5});
  CHECK(work.queries[0].lengths == std::vector<int>{7, 9});
  CHECK(work.sequences() == 3);
  CHECK(work.new_tokens() == 18);
}

TEST_CASE("A broken workload is one error that names file and field", "[perf]") {
  const auto has = [](const std::string& text, const std::string& part) {
    INFO(text);
    CHECK(text.find("work.json") != std::string::npos);
    CHECK(text.find(part) != std::string::npos);
  };
  has(error_of(""), "JSON");
  has(error_of("[]"), "JSON");
  has(error_of(R"({"queries":[)"), "JSON");
  has(error_of(R"({})"), "`queries`");
  has(error_of(R"({"queries":[]})"), "`queries`");
  has(error_of(R"({"queries":[3]})"), "`queries[0]`");
  has(error_of(R"({"queries":[{"prompt":[1],"lengths":[2]},{"prompt":[],"lengths":[2]}]})"),
      "`queries[1].prompt`");
  has(error_of(R"({"queries":[{"prompt":[-1],"lengths":[2]}]})"), "`queries[0].prompt`");
  has(error_of(R"({"queries":[{"prompt":[1.5],"lengths":[2]}]})"), "`queries[0].prompt`");
  has(error_of(R"({"queries":[{"prompt":[4294967297],"lengths":[2]}]})"), "`queries[0].prompt`");
  has(error_of(R"({"queries":[{"prompt":[1],"lengths":[0]}]})"), "`queries[0].lengths`");
  has(error_of(R"({"queries":[{"prompt":[1]}]})"), "`queries[0].lengths`");
  has(error_of(R"({"queries":[{"prompt":[1],"lengths":[134217728,1]}]})"), "limits");
  has(error_of(R"({"top_p":0,"queries":[{"prompt":[1],"lengths":[2]}]})"), "`top_p`");
  has(error_of(R"({"temperature":"x","queries":[{"prompt":[1],"lengths":[2]}]})"), "`temperature`");
  has(error_of(R"({"kind":3,"queries":[{"prompt":[1],"lengths":[2]}]})"), "`kind`");
}

TEST_CASE("The floating-point operations of a pass are those of a count by hand", "[perf]") {
  const DecoderSpec spec = toy_spec();
  double by_hand = 0;
  for (int position = 3; position < 10; ++position) {
    for (int layer = 0; layer < spec.layers; ++layer) {
      by_hand += 2.0 * 8 * (8 + 4 + 4);           // q, k, v
      by_hand += 2.0 * 8 * 8;                     // o
      by_hand += 2.0 * 3 * 8 * 16;                // gate, up, down
      by_hand += 2.0 * 2 * 8 * (position + 1.0);  // scores and values of 2 heads of 4
    }
    by_hand += 2.0 * 8 * 40;  // lm_head
  }
  CHECK(forward_flop(spec, 3, 10, true) == Approx(by_hand));
  CHECK(forward_flop(spec, 3, 10, false) == Approx(by_hand - 7 * 2.0 * 8 * 40));
  CHECK(forward_flop(spec, 5, 5, true) == 0);
}

TEST_CASE("A measurement draws exact lengths and counts them", "[perf]") {
  FakeBackend backend({4, 64, 4, 64, 32});
  PerfWorkload work;
  work.queries = {{{1, 2, 3, 4, 5}, {10, 20, 30}}, {{7}, {5}}};
  const EnginePerf perf = measure_engine(backend, toy_spec(), work);
  CHECK(perf.sequences == 4);
  CHECK(perf.tokens == 65);
  CHECK(perf.prefill_tokens == 4);
  CHECK(perf.seconds > 0);
  CHECK(perf.tokens_per_second == Approx(65 / perf.seconds));
  CHECK(perf.decode_rows_per_step > 1);
  CHECK(perf.decode_rows_per_step <= 4);
  CHECK(perf.occupancy == Approx(perf.decode_rows_per_step / 4));
  CHECK(perf.flop_per_second == Approx(perf.flop / perf.seconds));
  const DecoderSpec spec = toy_spec();
  CHECK(perf.flop == Approx(forward_flop(spec, 0, 4, false) + forward_flop(spec, 4, 14, true) +
                            forward_flop(spec, 4, 24, true) + forward_flop(spec, 4, 34, true) +
                            forward_flop(spec, 0, 5, true)));
}

TEST_CASE("A workload that does not fit the model is refused", "[perf]") {
  FakeBackend backend({4, 64, 4, 64, 32});
  PerfWorkload work;
  work.queries = {{{1, 2, 3}, {62}}};
  CHECK_THROWS_AS(measure_engine(backend, toy_spec(), work), Error);
  work.queries = {{{1, 2, 40}, {2}}};
  CHECK_THROWS_AS(measure_engine(backend, toy_spec(), work), Error);
}

TEST_CASE("The default workload is 64 sequences of 64 and 128 tokens", "[perf]") {
  const PerfWorkload work = default_perf_workload(50);
  CHECK(work.sequences() == 64);
  CHECK(work.new_tokens() == 64 * 128);
  for (const PerfQuery& query : work.queries) {
    CHECK(query.prompt.size() == 64);
    for (const TokenId token : query.prompt) CHECK((token >= 0 && token < 50));
  }
}

TEST_CASE("Steps are counted by their rows with all that they read", "[perf]") {
  FakeBackend backend({4, 64, 4, 64, 32});
  PerfWorkload work;
  work.queries = {{{1, 2, 3, 4, 5}, {10, 20, 30}}, {{7}, {5}}};
  const EnginePerf perf = measure_engine(backend, toy_spec(), work);
  std::int64_t steps = 0, rows = 0;
  double positions = 0;
  for (const auto& [count, group] : perf.steps) {
    CHECK((count >= 1 && count <= 4));
    steps += group.steps;
    rows += count * group.steps;
    positions += group.positions;
  }
  CHECK(steps >= 30);
  CHECK(rows == 65);
  double by_hand = 0;  // token i of a sample reads the prompt and what was made before it
  for (const auto& [prompt, length] : {std::pair{5, 10}, {5, 20}, {5, 30}, {1, 5}})
    for (int i = 0; i < length; ++i) by_hand += prompt + i;
  CHECK(positions == by_hand);
}

TEST_CASE("The steps of a workload are known without running it", "[perf]") {
  PerfWorkload work;
  work.queries = {{{1, 2, 3, 4, 5}, {10, 20, 30}}, {{7}, {5}}};
  // Step by step: who has a slot reads its prompt and what it has made.
  const auto by_hand = [](int slots) {
    std::vector<std::pair<int, int>> samples = {
        {5, 10}, {5, 20}, {5, 30}, {1, 5}};  // prompt, length
    std::vector<int> made(samples.size());
    StepCounts counts;
    for (;;) {
      int rows = 0;
      double positions = 0;
      for (std::size_t i = 0; i < samples.size() && rows < slots; ++i) {
        if (made[i] == samples[i].second) continue;
        ++rows;
        positions += samples[i].first + made[i]++;
      }
      if (rows == 0) return counts;
      ++counts[rows].steps;
      counts[rows].positions += positions;
    }
  };
  for (const int slots : {1, 2, 3, 4, 100}) {
    CAPTURE(slots);
    const StepCounts counts = workload_steps(work, slots).counts, expected = by_hand(slots);
    REQUIRE(counts.size() == expected.size());
    for (const auto& [rows, group] : expected) {
      CHECK(counts.at(rows).steps == group.steps);
      CHECK(counts.at(rows).positions == group.positions);
    }
  }
  // The last one alone has 35 in the end; the second has 25 beside 15 of the third; both have 25.
  CHECK(workload_steps(work, 1).most_positions == 35);
  CHECK(workload_steps(work, 2).most_positions == 40);
  CHECK(workload_steps(work, 3).most_positions == 50);
  // In a run of the engine, which starts each a little later, as many rows read as much.
  FakeBackend backend({4, 64, 4, 64, 32});
  double rows = 0, positions = 0, want_rows = 0, want_positions = 0;
  for (const auto& [count, group] : measure_engine(backend, toy_spec(), work).steps) {
    rows += count * static_cast<double>(group.steps);
    positions += group.positions;
  }
  for (const auto& [count, group] : workload_steps(work, 4).counts) {
    want_rows += count * static_cast<double>(group.steps);
    want_positions += group.positions;
  }
  CHECK(rows == want_rows);
  CHECK(positions == want_positions);
}

TEST_CASE(
    "A prediction has the samples and steps of a run, and refuses one that would wait for memory",
    "[perf]") {
  PerfWorkload work;
  work.queries = {{{1, 2, 3, 4, 5}, {10, 20, 30}}, {{7}, {5}}};
  FakeBackend backend({4, 64, 4, 64, 32});
  const EnginePerf perf = predict_engine(backend, toy_spec(), work);
  const EnginePerf run = measure_engine(backend, toy_spec(), work);
  CHECK(perf.predicted);
  CHECK(!run.predicted);
  CHECK(perf.sequences == run.sequences);
  CHECK(perf.tokens == run.tokens);
  CHECK(perf.flop == run.flop);
  CHECK(perf.decode_rows_per_step == Approx(65 / 30.0));
  CHECK(perf.occupancy == Approx(65 / 30.0 / 4));
  CHECK(perf.seconds == 0);
  // Three of them have 50 positions at once after 20 steps: 12 pages of 4 are too few, 13 are not.
  FakeBackend small({4, 12, 4, 64, 32}), enough({4, 13, 4, 64, 32});
  CHECK_THROWS_AS(predict_engine(small, toy_spec(), work), Error);
  CHECK_NOTHROW(predict_engine(enough, toy_spec(), work));
  work.queries = {{{1, 2, 3}, {62}}};  // longer than the context
  CHECK_THROWS_AS(predict_engine(backend, toy_spec(), work), Error);
}

TEST_CASE("Kinds of steps keep the sums of what they stand for", "[perf]") {
  StepCounts counts;
  for (int rows = 1; rows <= 100; ++rows) counts[rows] = {rows % 7 + 1, rows * 1000.0};
  const auto weight = [](int rows, const StepGroup& group) {
    return rows * static_cast<double>(group.steps);
  };
  for (const int most : {1, 5, 12, 1000}) {
    const std::vector<StepKind> kinds = step_kinds(counts, most, weight);
    CHECK(kinds.size() <= static_cast<std::size_t>(most));
    if (most == 1000) CHECK(kinds.size() == counts.size());
    if (most <= 12) CHECK(kinds.size() == static_cast<std::size_t>(most));
    double steps = 0, rows = 0, positions = 0;
    for (const StepKind& kind : kinds) {
      steps += static_cast<double>(kind.steps);
      rows += static_cast<double>(kind.steps) * kind.rows;
      positions += static_cast<double>(kind.steps) * kind.positions;
    }
    double want_steps = 0, want_rows = 0, want_positions = 0;
    for (const auto& [count, group] : counts) {
      want_steps += static_cast<double>(group.steps);
      want_rows += static_cast<double>(group.steps) * count;
      want_positions += group.positions;
    }
    CHECK(steps == want_steps);
    CHECK(rows == Approx(want_rows));
    CHECK(positions == Approx(want_positions));
  }
  CHECK(step_kinds({}, 3, weight).empty());
}

namespace {

// Parts with known costs: products of 2 ms and 1 us a row, attention of 1 us a position.
class ProfiledBackend final : public FakeBackend {
 public:
  using FakeBackend::FakeBackend;
  std::optional<StepProfile> profile_step(int rows, int context) override {
    return StepProfile{rows,        context, 2e-3 + 1e-6 * rows,          1e-6 * rows * context,
                       1e-6 * rows, 1e-5,    2e-3 + 1e-6 * rows * context};
  }
};

}  // namespace

TEST_CASE("The losses and the roofline add up to the time of the run", "[perf]") {
  ProfiledBackend backend({8, 4096, 4, 64, 32});
  StepCounts counts;
  counts[2] = {10, 10 * 2 * 30.0};
  counts[7] = {100, 100 * 7 * 20.0};
  const DecoderSpec spec = toy_spec();
  const DeviceLimits limits{1e9, 1e12, false};
  const double seconds = 0.5, serial = 1e-3;
  const auto split = split_time(backend, spec, counts, seconds, serial, limits);
  REQUIRE(split);
  CHECK(split->attention_s == Approx(1e-6 * (600 + 14000)));
  CHECK(split->products_s == Approx(110 * 2e-3 + 1e-6 * 720));
  CHECK(split->sampling_s == Approx(1e-6 * 720));
  CHECK(split->other_s == Approx(110 * 1e-5));
  CHECK(split->attention_s - split->attention_loss_s ==
        Approx(kv_bytes_per_token(spec) * 14600 / 1e9));
  CHECK(split->serial_s + split->empty_slots_loss_s + split->attention_loss_s +
            split->products_loss_s + split->sampling_loss_s + split->other_loss_s +
            split->overlap_loss_s + split->gaps_loss_s ==
        Approx(seconds));
  // A step takes 2 ms and its attention: all else that its parts take is overlapped.
  CHECK(split->steps_s == Approx(110 * 2e-3 + 1e-6 * 14600));
  CHECK(split->overlap_loss_s == Approx(-(2e-6 * 720 + 110 * 1e-5)));
  CHECK(split->gaps_loss_s == Approx(seconds - split->steps_s));
  // Each kind says what one of its steps took, and what it had to take.
  REQUIRE(split->kinds.size() == 2);
  const ProfiledKind& many = split->kinds[1];
  CHECK(many.kind.steps == 100);
  CHECK(many.seen.rows == 7);
  CHECK(many.seen.context == 20);
  CHECK(many.seen.total_s == Approx(2e-3 + 1e-6 * 140));
  CHECK(many.ideal_products_s == Approx(ideal_products_s(spec, 7, limits)));
  CHECK(many.ideal_s() - many.ideal_products_s == Approx(kv_bytes_per_token(spec) * 140 / 1e9));
  // Without a run to hold them against, the steps are all.
  const auto predicted = split_time(backend, spec, counts, std::nullopt, serial, limits);
  REQUIRE(predicted);
  CHECK(predicted->steps_s == split->steps_s);
  CHECK(predicted->gaps_loss_s == 0);
  FakeBackend without({8, 4096, 4, 64, 32});
  CHECK(!split_time(without, spec, counts, seconds, serial, limits));
}
