#include "engine/engine.h"

#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include "base/error.h"
#include "engine/scheduler.h"

namespace quorum {

struct Engine::Impl {
  explicit Impl(Backend& b) : backend(b), scheduler(b.limits()) { publish(0); }

  void run(const Source& source, const Sink& sink, const std::stop_token& stop,
           const TokenObserver& observer);
  void loop(const Source& source, const Sink& sink, const std::stop_token& stop,
            const TokenObserver& observer);
  void deliver(const Sink& sink, const TokenObserver& observer);
  void reset();
  void enqueue(const StepPlan& plan);
  std::vector<TokenEvent> collect();
  double now() const;
  void publish(double run_seconds);

  Backend& backend;
  Scheduler scheduler;
  std::optional<std::chrono::steady_clock::time_point> begin;  // of the run in progress
  int pending = 0;                                             // enqueued and not collected steps
  bool backend_failed = false;

  mutable std::mutex mutex;
  EngineStats published;
  double earlier_seconds = 0;  // of runs that are over
};

double Engine::Impl::now() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - *begin).count();
}

void Engine::Impl::publish(double run_seconds) {
  const std::lock_guard lock(mutex);
  published = scheduler.stats();
  published.seconds = earlier_seconds + run_seconds;
}

void Engine::Impl::enqueue(const StepPlan& plan) {
  backend_failed = true;
  backend.enqueue(plan);
  backend_failed = false;
  ++pending;
}

std::vector<TokenEvent> Engine::Impl::collect() {
  backend_failed = true;
  std::vector<TokenEvent> events = backend.collect();
  backend_failed = false;
  --pending;
  return events;
}

// Takes the oldest step's tokens and hands over what they finish.
void Engine::Impl::deliver(const Sink& sink, const TokenObserver& observer) {
  std::vector<EngineCompletion> finished = scheduler.take(collect(), now(), observer);
  publish(now());
  for (EngineCompletion& completion : finished) sink(std::move(completion));
}

void Engine::Impl::loop(const Source& source, const Sink& sink, const std::stop_token& stop,
                        const TokenObserver& observer) {
  const int lag = backend.lag();
  bool dry = false;
  while (!stop.stop_requested()) {
    while (!dry && scheduler.wants_request()) {
      std::optional<EngineRequest> request = source();
      dry = !request;
      if (request) {
        scheduler.add(std::move(*request));
      } else {
        scheduler.no_more_requests();
      }
    }
    if (pending < lag) {
      const StepPlan plan = scheduler.plan(now());
      if (!plan.empty()) {
        enqueue(plan);
        continue;
      }
    }
    if (pending == 0) {
      QUORUM_CHECK(dry && scheduler.idle(), "nothing can be planned");
      return;
    }
    deliver(sink, observer);
  }
  while (pending > 0) deliver(sink, observer);
}

// Leaves backend and scheduler without sequences.
void Engine::Impl::reset() {
  while (pending > 0) collect();
  const StepPlan plan = scheduler.abandon();
  if (!plan.empty()) {
    enqueue(plan);
    collect();
  }
  QUORUM_CHECK(scheduler.free_pages() == backend.limits().pages, "KV pages leaked");
  earlier_seconds += now();
  begin.reset();
  publish(0);
}

void Engine::Impl::run(const Source& source, const Sink& sink, const std::stop_token& stop,
                       const TokenObserver& observer) {
  QUORUM_CHECK(!backend_failed, "the backend has failed before");
  QUORUM_CHECK(!begin, "run() is called by itself");
  begin = std::chrono::steady_clock::now();
  try {
    loop(source, sink, stop, observer);
  } catch (...) {
    if (!backend_failed) reset();
    throw;
  }
  reset();
}

Engine::Engine(Backend& backend) : impl_(std::make_unique<Impl>(backend)) {}
Engine::~Engine() = default;

void Engine::run(const Source& source, const Sink& sink, std::stop_token stop,
                 const TokenObserver& observer) {
  impl_->run(source, sink, stop, observer);
}

EngineStats Engine::stats() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->published;
}

}  // namespace quorum
