#include "harness/runner.h"

#include <cmath>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>

#include "base/error.h"
#include "support/catch.h"
#include "support/run_fake.h"
#include "support/test_data.h"

using namespace quorum;
using namespace quorum::testing;

namespace {

Store scratch_store(const ScratchFolder& scratch, const std::string& name = "q.db") {
  return Store::open(scratch.path() / name, Store::Mode::kWrite);
}

}  // namespace

TEST_CASE("A run generates and grades every sample once") {
  const ScratchFolder scratch;
  Store store = scratch_store(scratch);
  FakeGenerator generator;
  FakeRun fake{{fake_benchmark("a", 3), fake_benchmark("b", 2)}};
  const RunOutcome outcome = fake.run(store, generator);
  CHECK(outcome.complete());
  CHECK(!outcome.interrupted);
  CHECK(outcome.wanted == 80);
  CHECK(outcome.generated == 80);
  CHECK(outcome.reused == 0);
  CHECK(generator.made.size() == 80);

  const auto results = store.load_results();
  REQUIRE(results.size() == 2);
  CHECK(results[0].benchmark == "a");
  CHECK(results[0].complete());
  CHECK(results[0].complete_samples() == 16);
  CHECK(!results[0].partial);
  CHECK(results[0].grader_version == "fake-1");
  CHECK(results[0].numerics == generator.numerics);
  CHECK(results[0].seed == 0);
  REQUIRE(results[0].queries.size() == 3);
  for (const QueryResult& query : results[0].queries) {
    REQUIRE(query.samples.size() == 16);
    for (int i = 0; i < 16; ++i) {
      const SampleResult& sample = query.samples[static_cast<std::size_t>(i)];
      CHECK(sample.sample == i);
      const Verdict wanted = i % 7 == 6   ? Verdict::kNoAnswer
                             : i % 3 == 2 ? Verdict::kIncorrect
                                          : Verdict::kCorrect;
      CHECK(sample.verdict == wanted);
      CHECK(sample.answer.has_value() == (wanted != Verdict::kNoAnswer));
      CHECK(sample.truncated == (i % 5 == 4));
      CHECK(sample.tokens > 0);
      CHECK(sample.logprob_sum.has_value());
    }
  }
  const auto runs = store.runs();
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].state == "complete");
  CHECK(runs[0].settings.size() == 2);
}

TEST_CASE("Attempts come in blocks of eight sample indices over all queries and benchmarks") {
  const ScratchFolder scratch;
  Store store = scratch_store(scratch);
  FakeGenerator generator;
  FakeRun fake{{fake_benchmark("a", 3), fake_benchmark("b", 2)}};
  fake.samples = 20;
  fake.run(store, generator);
  REQUIRE(generator.made.size() == 100);
  for (std::size_t i = 0; i < 100; ++i) {
    const int block = i < 40 ? 0 : i < 80 ? 1 : 2;
    CHECK(generator.made[i].sample / 8 == block);
  }
  // Siblings of a block stand together.
  for (std::size_t i = 0; i < 40; i += 8)
    for (std::size_t j = i; j < i + 8; ++j) {
      CHECK(generator.made[j].query == generator.made[i].query);
      CHECK(generator.made[j].benchmark == generator.made[i].benchmark);
    }
}

TEST_CASE("A second run uses what is stored and more samples add to it") {
  const ScratchFolder scratch;
  Store store = scratch_store(scratch);
  FakeRun fake{{fake_benchmark("a", 4)}};
  fake.samples = 8;
  FakeGenerator first;
  fake.run(store, first);
  FakeGenerator again;
  const RunOutcome nothing = fake.run(store, again);
  CHECK(nothing.complete());
  CHECK(nothing.reused == 32);
  CHECK(again.made.empty());
  CHECK(again.runs == 0);

  fake.samples = 20;
  FakeGenerator more;
  const RunOutcome added = fake.run(store, more);
  CHECK(added.reused == 32);
  CHECK(more.made.size() == 48);
  for (const Attempt& attempt : more.made) CHECK(attempt.sample >= 8);
  CHECK(store.load_results()[0].complete_samples() == 20);

  // Another benchmark beside it, and other benchmarks in the list, change nothing either.
  fake.benchmarks.insert(fake.benchmarks.begin(), fake_benchmark("z", 1));
  FakeGenerator beside;
  CHECK(fake.run(store, beside).reused == 80);
  CHECK(beside.made.size() == 20);
}

TEST_CASE("Everything that changes a sample starts anew and the rest shares samples") {
  const ScratchFolder scratch;
  Store store = scratch_store(scratch);
  FakeRun fake{{fake_benchmark("a", 2)}};
  fake.samples = 8;
  FakeGenerator generator;
  fake.run(store, generator);

  FakeGenerator other_checkpoint;
  other_checkpoint.checkpoint = "checkpoint-b";
  CHECK(fake.run(store, other_checkpoint).generated == 16);
  FakeRun other_seed = fake;
  other_seed.sampling.seed = 1;
  FakeGenerator seeded;
  CHECK(other_seed.run(store, seeded).generated == 16);
  // The same samples under another name of the model: a row of its own in reports, no work.
  FakeGenerator renamed;
  renamed.model = "a better name";
  CHECK(fake.run(store, renamed).reused == 16);
  CHECK(store.load_results({{"a better name"}, {}, {}})[0].complete());

  // A corrected gold answer keeps the completions and grades them again.
  FakeRun corrected = fake;
  corrected.benchmarks[0].dataset_hash = "data-2";
  corrected.benchmarks[0].queries[0].gold = "wrong";
  FakeGenerator unused;
  CHECK(corrected.run(store, unused).reused == 16);
  for (const ResultSet& set : store.load_results({{"fake"}, {}, {}}))
    if (set.dataset_hash == "data-2") {
      CHECK(set.queries[0].samples[2].verdict == Verdict::kCorrect);
      CHECK(set.queries[0].samples[0].verdict == Verdict::kIncorrect);
      CHECK(set.queries[1].samples[0].verdict == Verdict::kCorrect);
    } else {
      CHECK(set.queries[0].samples[0].verdict == Verdict::kCorrect);
    }
}

TEST_CASE("Neither order nor interruption changes the export") {
  const ScratchFolder scratch;
  FakeRun fake{{fake_benchmark("a", 5), fake_benchmark("b", 3)}};
  Store plain = scratch_store(scratch, "plain.db");
  FakeGenerator generator;
  fake.run(plain, generator);
  const std::string expected = export_text(plain);
  CHECK(std::count(expected.begin(), expected.end(), '\n') == 128);

  Store shuffled = scratch_store(scratch, "shuffled.db");
  FakeRun other = fake;
  other.shuffle = 3;
  FakeGenerator second;
  other.run(shuffled, second);
  CHECK(export_text(shuffled) == expected);
  const auto place = [](const Attempt& a) {
    return std::tuple(a.benchmark, a.query, a.sample, a.key);
  };
  bool same_order = true;
  for (std::size_t i = 0; i < second.made.size(); ++i) {
    same_order = same_order && place(second.made[i]) == place(generator.made[i]);
    CHECK(second.made[i].sample / 8 == static_cast<int>(i / 64));
  }
  CHECK(!same_order);

  Store interrupted = scratch_store(scratch, "interrupted.db");
  int rounds = 0;
  for (bool done = false; !done && rounds < 50; ++rounds) {
    std::stop_source stop;
    int count = 0;
    FakeGenerator part;
    part.before_push = [&] {
      if (++count > 9) stop.request_stop();
    };
    const RunOutcome outcome = fake.run(interrupted, part, stop.get_token());
    done = outcome.complete();
    CHECK(outcome.interrupted == !done);
    if (!done) CHECK(interrupted.runs().back().state == "interrupted");
  }
  CHECK(rounds > 10);
  // What the last interruption left ungraded is graded by one more run.
  FakeGenerator last;
  fake.run(interrupted, last);
  CHECK(last.made.empty());
  CHECK(export_text(interrupted) == expected);
}

TEST_CASE("Failures are retried and then the run is incomplete") {
  const ScratchFolder scratch;
  Store store = scratch_store(scratch);
  FakeRun fake{{fake_benchmark("a", 3)}};
  fake.samples = 8;
  std::map<std::pair<int, int>, int> tries;
  FakeGenerator generator;
  generator.script = [&](const Attempt& attempt) -> std::optional<AttemptOutcome> {
    const int attempt_number = ++tries[{attempt.query, attempt.sample}];
    if (attempt.query == 0 && attempt.sample == 3 && attempt_number <= 3)
      return GenerationFailure{"connection reset", true};
    if (attempt.query == 1 && attempt.sample == 5) return GenerationFailure{"server gone", true};
    if (attempt.query == 2 && attempt.sample == 7) return GenerationFailure{"refused", false};
    return std::nullopt;
  };
  const RunOutcome outcome = fake.run(store, generator);
  CHECK(!outcome.complete());
  CHECK(!outcome.interrupted);
  CHECK(outcome.generated == 22);
  CHECK(outcome.missing == 2);
  CHECK(tries[{0, 3}] == 4);
  CHECK(tries[{1, 5}] == 4);
  CHECK(tries[{2, 7}] == 1);
  CHECK(tries[{0, 0}] == 1);
  REQUIRE(outcome.failures.size() == 3);
  CHECK(outcome.failures[2] == "server gone (4 times)");
  CHECK(store.runs()[0].state == "incomplete");
  const auto results = store.load_results();
  CHECK(results[0].complete_samples() == 0);
  CHECK(!results[0].complete());

  FakeGenerator healthy;
  CHECK(fake.run(store, healthy).complete());
  CHECK(healthy.made.size() == 2);
}

TEST_CASE("A grader that fails costs no completion and makes the run incomplete") {
  const ScratchFolder scratch;
  Store store = scratch_store(scratch);
  auto grader = std::make_shared<FakeGrader>();
  grader->during = [](const Query& query) {
    if (query.id == "a-1") throw std::runtime_error("helper died");
  };
  FakeRun fake{{fake_benchmark("a", 2, grader)}};
  fake.samples = 8;
  FakeGenerator generator;
  const RunOutcome outcome = fake.run(store, generator);
  CHECK(outcome.generated == 16);
  CHECK(outcome.ungraded == 8);
  CHECK(!outcome.complete());
  REQUIRE(!outcome.failures.empty());
  CHECK(outcome.failures[0].find("helper died") != std::string::npos);

  grader->during = nullptr;
  FakeGenerator unused;
  CHECK(fake.run(store, unused).complete());
  CHECK(unused.made.empty());
  CHECK(store.load_results()[0].complete());
}

TEST_CASE("A slow grader slows generation down instead of filling memory") {
  const ScratchFolder scratch;
  Store store = scratch_store(scratch);
  std::atomic<int> pushed{0}, graded{0}, most{0};
  auto grader = std::make_shared<FakeGrader>();
  grader->during = [&](const Query&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    most = std::max(most.load(), pushed.load() - graded.load());
    ++graded;
  };
  FakeRun fake{{fake_benchmark("a", 10, grader)}};
  fake.samples = 24;
  fake.options.queue_length = 5;
  fake.options.grader_threads = 2;
  FakeGenerator generator;
  generator.before_push = [&] { ++pushed; };
  const RunOutcome outcome = fake.run(store, generator);
  CHECK(outcome.complete());
  CHECK(graded == 240);
  // Two queues of 5, one more in each stage's hands: the generator's, the store's, two graders'.
  CHECK(most <= 2 * 5 + 5);
  CHECK(most >= 5);
}

TEST_CASE("An error of the generator surfaces after finished samples were stored") {
  const ScratchFolder scratch;
  Store store = scratch_store(scratch);
  FakeRun fake{{fake_benchmark("a", 3)}};
  FakeGenerator generator;
  generator.before_push = [&] {
    if (generator.made.size() == 10) throw Error(ErrorKind::kData, "logits are not finite");
  };
  CHECK_THROWS_AS(fake.run(store, generator), Error);
  CHECK(store.runs()[0].state == "failed");
  CHECK(store.settings()[0].completions == 10);
  FakeGenerator healthy;
  CHECK(fake.run(store, healthy).reused == 10);
}

TEST_CASE("An error of the store ends the generator and surfaces") {
  const ScratchFolder scratch;
  Store store = scratch_store(scratch);
  FakeRun fake{{fake_benchmark("a", 30)}};
  FakeGenerator generator;
  generator.script = [](const Attempt& attempt) -> std::optional<AttemptOutcome> {
    Completion completion = FakeGenerator::complete(attempt);
    if (attempt.query == 2) completion.token_ids.push_back(-5);  // no token has a negative id
    return completion;
  };
  try {
    fake.run(store, generator);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::kInternal);
  }
  CHECK(generator.made.size() < 480);
  CHECK(store.runs()[0].state == "failed");
}

TEST_CASE("A setting is not continued under another numerics fingerprint") {
  const ScratchFolder scratch;
  Store store = scratch_store(scratch);
  FakeRun fake{{fake_benchmark("a", 2)}};
  fake.samples = 8;
  FakeGenerator generator;
  fake.run(store, generator);

  FakeGenerator other;
  other.numerics = "00000000000000bb";
  CHECK(fake.run(store, other).complete());  // nothing is missing: nothing is mixed
  fake.samples = 16;
  try {
    fake.run(store, other);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::kNotComparable);
    const std::string what = error.what();
    CHECK(what.find("00000000000000aa") != std::string::npos);
    CHECK(what.find("00000000000000bb") != std::string::npos);
    CHECK(what.find("--allow-mixed") != std::string::npos);
  }
  CHECK(other.made.empty());
  CHECK(store.load_results()[0].complete());  // the refusal left no trace
  CHECK(!store.load_results()[0].mixed_numerics);

  fake.options.allow_mixed = true;
  CHECK(fake.run(store, other).complete());
  CHECK(store.load_results()[0].mixed_numerics);
}

TEST_CASE("Reports use complete blocks of a partial run only") {
  const ScratchFolder scratch;
  Store store = scratch_store(scratch);
  FakeRun fake{{fake_benchmark("a", 4)}};
  fake.samples = 64;
  std::stop_source stop;
  FakeGenerator generator;
  generator.before_push = [&] {
    if (generator.made.size() == 75) stop.request_stop();
  };
  const RunOutcome outcome = fake.run(store, generator, stop.get_token());
  CHECK(outcome.interrupted);
  CHECK(outcome.generated >= 75);
  FakeRun grade_only = fake;
  grade_only.samples = 8;
  FakeGenerator unused;
  grade_only.run(store, unused);
  CHECK(unused.made.empty());
  const ResultSet set = store.load_results()[0];
  CHECK(set.complete_samples() == 16);
  CHECK(set.queries[0].samples.size() >= 19);
}

TEST_CASE("Parts of a benchmark say so and do not disturb the whole") {
  const ScratchFolder scratch;
  Store store = scratch_store(scratch);
  const Benchmark whole = fake_benchmark("a", 5);
  Benchmark part = whole;
  part.partial = true;
  part.queries = {whole.queries[3], whole.queries[1]};
  FakeGenerator generator;
  FakeRun fake{{part}};
  fake.samples = 8;
  fake.run(store, generator);
  ResultSet set = store.load_results()[0];
  CHECK(set.partial);
  CHECK(set.complete());
  REQUIRE(set.queries.size() == 2);
  CHECK(set.queries[0].query == "a-3");

  // A second part is what reports then show.
  fake.benchmarks[0].queries = {whole.queries[0]};
  fake.run(store, generator);
  set = store.load_results()[0];
  REQUIRE(set.queries.size() == 1);
  CHECK(set.queries[0].query == "a-0");

  FakeRun all{{whole}};
  all.samples = 4;
  all.run(store, generator);
  set = store.load_results()[0];
  CHECK(!set.partial);
  CHECK(set.queries.size() == 5);
  CHECK(set.queries[2].query == "a-2");
  CHECK(set.samples_wanted == 4);
  CHECK(set.complete_samples() == 4);

  fake.samples = 16;
  fake.run(store, generator);
  set = store.load_results()[0];
  CHECK(set.queries.size() == 5);
  CHECK(set.samples_wanted == 4);
  CHECK(set.complete());
}

TEST_CASE("Progress counts samples and scores complete blocks") {
  const ScratchFolder scratch;
  Store store = scratch_store(scratch);
  const std::vector<Benchmark> benchmarks{fake_benchmark("a", 2)};
  Plan plan;
  plan.attempts.resize(32);
  plan.tokens_per_attempt = 100;
  ProgressState state(benchmarks, plan, 16);
  ProgressSnapshot now = state.snapshot(0, 0);
  CHECK(now.done == 0);
  CHECK(now.scores[0].samples == 0);
  CHECK(!now.seconds_left);
  for (int sample = 0; sample < 8; ++sample)
    for (int query = 0; query < 2; ++query) {
      state.stored(50);
      state.graded(0, query, sample,
                   query == 0 || sample % 2 == 0 ? Verdict::kCorrect : Verdict::kNoAnswer);
    }
  state.stored(50);
  state.graded(0, 0, 8, Verdict::kIncorrect);
  now = state.snapshot(10, 900);
  CHECK(now.done == 17);
  CHECK(now.tokens == 900);
  CHECK(now.tokens_per_second == Approx(90));
  REQUIRE(now.scores[0].samples == 8);
  CHECK(now.scores[0].pass_at_1 == Approx(0.75));
  // The sample variance of 4 right of 8 over 8, for one of the two queries.
  CHECK(*now.scores[0].repeat_se == Approx(std::sqrt(0.25 * 8 / 7 / 8) / 2));
  // 15 samples of 50 tokens each are missing; 50 of these tokens are made.
  CHECK(*now.seconds_left == Approx((15 * 50 - 50) / 90.0));
}

TEST_CASE("The expected length comes from the setting then the model then an assumption") {
  const ScratchFolder scratch;
  Store store = scratch_store(scratch);
  FakeRun fake{{fake_benchmark("a", 2)}};
  fake.samples = 8;
  fake.sampling.max_tokens = 512;
  FakeGenerator generator;
  const auto plan_of = [&](const FakeRun& run) {
    const auto prompts = prepare_prompts(generator, run.benchmarks);
    PlanRequest request;
    request.benchmarks = run.benchmarks;
    request.prompts = prompts;
    request.generator = generator.identity();
    request.sampling = run.sampling;
    request.samples = run.samples;
    request.think = "auto";
    return make_plan(request, &store);
  };
  const Plan first = plan_of(fake);
  CHECK(first.tokens_per_attempt == 512);
  CHECK(first.expectation.find("token limit") != std::string::npos);
  CHECK(first.expected_tokens() == 512 * 16);
  fake.run(store, generator);
  fake.samples = 16;
  const Plan second = plan_of(fake);
  CHECK(second.attempts.size() == 16);
  CHECK(second.expectation.find("these settings") != std::string::npos);
  CHECK(second.tokens_per_attempt > 10);
  CHECK(second.tokens_per_attempt < 60);
  FakeRun other{{fake_benchmark("b", 2)}};
  const Plan third = plan_of(other);
  CHECK(third.expectation.find("this model") != std::string::npos);
  CHECK(third.tokens_per_attempt == Approx(second.tokens_per_attempt));
}
