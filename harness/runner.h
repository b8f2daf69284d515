// Runs a plan: generate, store, grade, each on threads of its own with bounded queues between them.
//
//   generator ─ push ─► [inbox] ─► store thread ─► [jobs] ─► grader threads ─► [grades] ─► store
//   thread
//
// A full queue blocks the stage before it, so memory is bounded and a slow disk or grader slows
// generation down. Completions are stored before they are graded: a grader that hangs or dies costs
// no sample.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "harness/plan.h"
#include "harness/progress_state.h"
#include "harness/store.h"

namespace quorum {

struct RunnerOptions {
  int queue_length = 64;
  int grader_threads = 1;
  bool grade = true;           // false: completions are only stored, to be graded later
  int retries = 3;             // of an attempt whose generation failed
  double backoff_seconds = 1;  // before the first retry; doubles
  bool allow_mixed = false;    // continue a setting under another numerics fingerprint
  std::string spec_json = "{}", manifest_json = "{}";
};

struct RunOutcome {
  std::int64_t wanted = 0;
  std::int64_t reused = 0;     // were stored before
  std::int64_t generated = 0;  // stored now
  std::int64_t missing = 0;    // no completion, after all retries
  std::int64_t ungraded = 0;   // completions that the grader failed on
  std::int64_t retried = 0;
  bool interrupted = false;           // a stop was requested before everything was done
  std::vector<std::string> failures;  // the first few different messages
  RunId run = 0;
  std::vector<SettingId> settings;  // one a benchmark

  bool complete() const { return missing == 0 && ungraded == 0; }
};

class Runner {
 public:
  // Borrows all of them. `plan` comes from make_plan of the same request and store.
  Runner(Store& store, Generator& generator, const PlanRequest& request, const Plan& plan,
         const RunnerOptions& options);
  ~Runner();

  // Throws what ended the run early (a store, a generator) after everything finished was stored,
  // and Error(kNotComparable) before anything is written when a setting would be continued under
  // another numerics fingerprint. Once a stop is requested, what is finished is stored and the rest
  // is dropped. Call once.
  RunOutcome run(std::stop_token stop);

  // Thread-safe.
  ProgressSnapshot progress() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace quorum
