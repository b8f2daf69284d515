#include "harness/runner.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <tuple>

#include "base/error.h"
#include "base/text.h"

namespace quorum {
namespace {

constexpr std::size_t kFailuresShown = 5;

struct GradeJob {
  int benchmark = 0;
  int query = -1;  // index in the benchmark; -1: a sample outside this run
  UngradedSample sample;
};

struct Graded {
  int benchmark = 0, query = -1, sample = 0;
  NewGrade grade;
};

class ListSource : public AttemptSource {
 public:
  explicit ListSource(const std::vector<Attempt>& attempts) : attempts_(attempts) {}
  std::optional<Attempt> next() override {
    const std::size_t at = next_.fetch_add(1);
    return at < attempts_.size() ? std::optional(attempts_[at]) : std::nullopt;
  }

 private:
  const std::vector<Attempt>& attempts_;
  std::atomic<std::size_t> next_{0};
};

}  // namespace

struct Runner::Impl : CompletionSink {
  Store& store;
  Generator& generator;
  const PlanRequest& request;
  const Plan& plan;
  RunnerOptions options;
  AttemptKeys key_of;
  RunOutcome outcome;
  std::vector<OpenSetting> settings;
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();

  mutable std::mutex mutex;
  std::condition_variable_any changed;
  std::deque<std::pair<Attempt, Completion>> inbox;
  std::deque<GradeJob> jobs;
  std::vector<Graded> graded;
  std::size_t grading = 0;  // jobs in the hands of a grader
  bool generation_over = false, feeding_over = false, graders_stop = false, drop_grading = false;
  std::exception_ptr error;
  std::vector<Attempt> failed;
  std::map<std::string, int> failure_messages;
  ProgressState state;
  std::stop_token interrupt;  // the caller's
  std::stop_source halt;      // ends the generator, for whatever reason

  Impl(Store& store_, Generator& generator_, const PlanRequest& request_, const Plan& plan_,
       const RunnerOptions& options_)
      : store(store_),
        generator(generator_),
        request(request_),
        plan(plan_),
        options(options_),
        key_of(request_),
        state(request_.benchmarks, plan_, request_.samples) {}

  std::size_t capacity() const {
    return static_cast<std::size_t>(std::max(1, options.queue_length));
  }

  // Called from the generator's threads.
  void push(const Attempt& attempt, AttemptOutcome result) override {
    std::unique_lock lock(mutex);
    if (auto* failure = std::get_if<GenerationFailure>(&result)) {
      ++failure_messages[failure->what];
      if (failure->retryable) failed.push_back(attempt);
      return;
    }
    changed.wait(lock, [&] { return inbox.size() < capacity() || error; });
    if (error) return;
    inbox.emplace_back(attempt, std::get<Completion>(std::move(result)));
    changed.notify_all();
  }

  void fail(std::exception_ptr why) {
    {
      const std::lock_guard lock(mutex);
      if (!error) error = why;
    }
    halt.request_stop();
    changed.notify_all();
  }

  void check_numerics() const;
  void open_settings();
  void store_loop();
  void store_one(const Attempt& attempt, const Completion& completion);
  void store_grades(std::vector<Graded> batch);
  void grade_loop();
  void feed_ungraded();
  void generate(std::stop_token outside);
  RunOutcome run(std::stop_token outside);
};

void Runner::Impl::check_numerics() const {
  if (options.allow_mixed || request.generator.numerics.empty()) return;
  for (std::size_t b = 0; b < request.benchmarks.size(); ++b) {
    const auto here = [&](const Attempt& attempt) {
      return attempt.benchmark == static_cast<int>(b);
    };
    if (std::none_of(plan.attempts.begin(), plan.attempts.end(), here)) continue;
    std::vector<std::string> keys;
    for (const Attempt& attempt : plan.stored)
      if (here(attempt)) keys.push_back(key_of(attempt));
    std::vector<std::string> there = store.numerics_of(keys);
    if (const auto setting = store.find_setting(make_setting(
            request.generator, request.benchmarks[b], request.sampling, request.think, {})))
      for (const std::string& fingerprint : store.numerics(*setting)) there.push_back(fingerprint);
    for (const std::string& fingerprint : there)
      if (fingerprint != request.generator.numerics)
        throw Error(ErrorKind::kNotComparable,
                    "the stored samples of " + request.benchmarks[b].name +
                        " were computed with other arithmetic",
                    "their numerics fingerprint is " + fingerprint + ", this machine's is " +
                        request.generator.numerics,
                    "continue on a machine of the first kind, give another --db, or say "
                    "--allow-mixed, which reports then show");
  }
}

void Runner::Impl::open_settings() {
  outcome.run = store.begin_run(options.spec_json, options.manifest_json);
  for (std::size_t b = 0; b < request.benchmarks.size(); ++b) {
    const Setting setting = make_setting(request.generator, request.benchmarks[b], request.sampling,
                                         request.think, request.published_as);
    settings.push_back(store.open_setting(outcome.run, setting, request.benchmarks[b],
                                          request.prompts[b], request.samples));
    outcome.settings.push_back(settings.back().id);
    std::vector<Store::Link> links;
    for (const Attempt& attempt : plan.stored)
      if (attempt.benchmark == static_cast<int>(b))
        links.push_back({attempt.query, attempt.sample, key_of(attempt)});
    store.link_stored(settings.back(), links);

    // Verdicts that are there already count in the progress.
    std::map<std::string, int> places;
    for (std::size_t q = 0; q < request.benchmarks[b].queries.size(); ++q)
      places[request.benchmarks[b].queries[q].id] = static_cast<int>(q);
    for (const ResultSet& set : store.load_results({{}, {}, {settings.back().id}}))
      for (const QueryResult& query : set.queries)
        if (const auto place = places.find(query.query); place != places.end())
          for (const SampleResult& sample : query.samples) {
            const std::lock_guard lock(mutex);
            state.graded(static_cast<int>(b), place->second, sample.sample, sample.verdict);
          }
  }
}

void Runner::Impl::store_one(const Attempt& attempt, const Completion& completion) {
  const auto b = static_cast<std::size_t>(attempt.benchmark),
             q = static_cast<std::size_t>(attempt.query);
  const std::int64_t row =
      store.put_completion(outcome.run, settings[b], attempt.query, attempt.sample, key_of(attempt),
                           completion, request.generator.numerics);
  GradeJob job;
  job.benchmark = attempt.benchmark;
  job.query = attempt.query;
  job.sample = {row,
                settings[b].queries[q],
                attempt.sample,
                request.benchmarks[b].queries[q],
                completion.text,
                request.prompts[b][q].thinking,
                completion.finish == FinishReason::kLength};
  const std::lock_guard lock(mutex);
  ++outcome.generated;
  state.stored(completion.tokens);
  if (drop_grading)
    ++outcome.ungraded;
  else if (options.grade)
    jobs.push_back(std::move(job));
  changed.notify_all();
}

void Runner::Impl::store_grades(std::vector<Graded> batch) {
  std::map<int, std::vector<NewGrade>> by_benchmark;
  for (const Graded& entry : batch) by_benchmark[entry.benchmark].push_back(entry.grade);
  for (const auto& [benchmark, grades] : by_benchmark)
    store.put_grades(grades,
                     request.benchmarks[static_cast<std::size_t>(benchmark)].grader->version());
  const std::lock_guard lock(mutex);
  for (const Graded& entry : batch)
    if (entry.query >= 0)
      state.graded(entry.benchmark, entry.query, entry.sample, entry.grade.grade.verdict);
}

void Runner::Impl::store_loop() {
  try {
    std::unique_lock lock(mutex);
    for (;;) {
      const auto can_store = [&] { return !inbox.empty() && jobs.size() < capacity(); };
      const auto all_done = [&] {
        return generation_over && feeding_over && inbox.empty() && jobs.empty() && grading == 0 &&
               graded.empty();
      };
      changed.wait(lock, [&] { return !graded.empty() || can_store() || all_done() || error; });
      if (error || all_done()) return;
      if (can_store()) {
        auto [attempt, completion] = std::move(inbox.front());
        inbox.pop_front();
        changed.notify_all();
        lock.unlock();
        store_one(attempt, completion);
      } else {
        std::vector<Graded> batch;
        batch.swap(graded);
        lock.unlock();
        store_grades(std::move(batch));
      }
      lock.lock();
    }
  } catch (...) {
    fail(std::current_exception());
  }
}

void Runner::Impl::grade_loop() {
  std::unique_lock lock(mutex);
  for (;;) {
    changed.wait(lock, [&] { return !jobs.empty() || graders_stop || error; });
    if (error || jobs.empty()) return;
    const GradeJob job = std::move(jobs.front());
    jobs.pop_front();
    ++grading;
    changed.notify_all();
    lock.unlock();
    std::optional<Grade> grade;
    std::string why;
    try {
      grade = request.benchmarks[static_cast<std::size_t>(job.benchmark)].grader->grade(
          job.sample.query, {job.sample.text, job.sample.thinking, job.sample.truncated});
    } catch (const std::exception& problem) {
      why = "grading " + job.sample.query.id + " sample " + std::to_string(job.sample.sample) +
            " failed: " + problem.what();
    }
    lock.lock();
    --grading;
    if (grade) {
      graded.push_back({job.benchmark,
                        job.query,
                        job.sample.sample,
                        {job.sample.completion, job.sample.query_id, std::move(*grade)}});
    } else {
      ++outcome.ungraded;
      // What an interruption ended is left for the next time.
      if (!interrupt.stop_requested()) ++failure_messages[why];
    }
    changed.notify_all();
  }
}

void Runner::Impl::feed_ungraded() {
  try {
    for (std::size_t b = 0; options.grade && b < request.benchmarks.size(); ++b) {
      // Samples that this run generates come to the graders by themselves.
      std::set<std::pair<QueryId, int>> coming;
      for (const Attempt& attempt : plan.attempts)
        if (attempt.benchmark == static_cast<int>(b))
          coming.emplace(settings[b].queries[static_cast<std::size_t>(attempt.query)],
                         attempt.sample);
      std::map<QueryId, int> places;
      for (std::size_t q = 0; q < settings[b].queries.size(); ++q)
        places[settings[b].queries[q]] = static_cast<int>(q);
      store.for_each_ungraded(
          settings[b].id, request.benchmarks[b].grader->version(), false,
          [&](UngradedSample sample) {
            if (coming.count({sample.query_id, sample.sample}) != 0) return true;
            const auto place = places.find(sample.query_id);
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return jobs.size() < capacity() || drop_grading || error; });
            if (drop_grading) ++outcome.ungraded;
            if (drop_grading || error) return false;
            jobs.push_back({static_cast<int>(b), place == places.end() ? -1 : place->second,
                            std::move(sample)});
            changed.notify_all();
            return true;
          });
    }
  } catch (...) {
    fail(std::current_exception());
  }
  const std::lock_guard lock(mutex);
  feeding_over = true;
  changed.notify_all();
}

void Runner::Impl::generate(std::stop_token outside) {
  const std::stop_callback forward(outside, [this] { halt.request_stop(); });
  std::vector<Attempt> todo = plan.attempts;
  double pause = options.backoff_seconds;
  for (int round = 0; !todo.empty() && !halt.stop_requested(); ++round) {
    ListSource source(todo);
    generator.run(request.benchmarks, request.sampling, source, *this, halt.get_token());
    std::unique_lock lock(mutex);
    if (failed.empty() || round == options.retries) return;
    todo.clear();
    todo.swap(failed);
    std::sort(todo.begin(), todo.end(), [](const Attempt& a, const Attempt& b) {
      return std::tie(a.sample, a.benchmark, a.query) < std::tie(b.sample, b.benchmark, b.query);
    });
    outcome.retried += static_cast<std::int64_t>(todo.size());
    changed.wait_for(lock, halt.get_token(), std::chrono::duration<double>(pause),
                     [] { return false; });
    pause *= 2;
  }
}

RunOutcome Runner::Impl::run(std::stop_token outside) {
  interrupt = outside;
  check_numerics();
  open_settings();
  outcome.wanted = plan.wanted();
  outcome.reused = static_cast<std::int64_t>(plan.stored.size());
  {
    const std::lock_guard lock(mutex);
    began = std::chrono::steady_clock::now();
  }

  std::exception_ptr generator_error;
  {
    std::vector<std::jthread> graders;
    std::jthread storer([this] { store_loop(); });
    std::jthread feeder([this] { feed_ungraded(); });
    for (int i = 0; i < std::max(1, options.grader_threads); ++i)
      graders.emplace_back([this] { grade_loop(); });
    // A request to stop lets unfinished grading wait for the next run: a test suite may take
    // minutes.
    const std::stop_callback drop(outside, [this] {
      const std::lock_guard lock(mutex);
      drop_grading = true;
      outcome.ungraded += static_cast<std::int64_t>(jobs.size());
      jobs.clear();
      changed.notify_all();
    });
    try {
      generate(outside);
    } catch (...) {
      generator_error = std::current_exception();
    }
    {
      const std::lock_guard lock(mutex);
      generation_over = true;
      changed.notify_all();
    }
    storer.join();
    {
      const std::lock_guard lock(mutex);
      graders_stop = true;
      changed.notify_all();
    }
  }

  outcome.missing = static_cast<std::int64_t>(plan.attempts.size()) - outcome.generated;
  outcome.interrupted = outside.stop_requested() && !outcome.complete();
  for (const auto& [message, count] : failure_messages)
    if (outcome.failures.size() < kFailuresShown)
      outcome.failures.push_back(count == 1 ? message
                                            : message + " (" + std::to_string(count) + " times)");
  const std::exception_ptr fatal = error ? error : generator_error;
  if (fatal) {
    try {
      store.finish_run(outcome.run, RunState::kFailed);
    } catch (const Error&) {
      // The first error says why.
    }
    std::rethrow_exception(fatal);
  }
  store.finish_run(outcome.run, outcome.complete()    ? RunState::kComplete
                                : outcome.interrupted ? RunState::kInterrupted
                                                      : RunState::kIncomplete);
  return outcome;
}

Runner::Runner(Store& store, Generator& generator, const PlanRequest& request, const Plan& plan,
               const RunnerOptions& options)
    : impl_(std::make_unique<Impl>(store, generator, request, plan, options)) {}
Runner::~Runner() = default;

RunOutcome Runner::run(std::stop_token stop) { return impl_->run(stop); }

ProgressSnapshot Runner::progress() const {
  const std::int64_t live = impl_->generator.live_tokens();
  const std::lock_guard lock(impl_->mutex);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - impl_->began).count();
  return impl_->state.snapshot(seconds, live);
}

}  // namespace quorum
