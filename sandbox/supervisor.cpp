#include "sandbox/supervisor.h"

#include <algorithm>
#include <future>

#include "base/cores.h"
#include "base/error.h"
#include "sandbox/process_view.h"

namespace quorum::sandbox {
namespace {

constexpr const char* kStopped = "the sandbox was stopped";
constexpr auto kPause = std::chrono::milliseconds(50);  // before a second try; then twice as long

// A small program spends half of its time on the way to its gate and to its report, where it waits
// for others now and then: some more make use of the cores meanwhile.
int places_for(int workers) { return workers + (workers + 1) / 2; }

}  // namespace

Supervisor::Supervisor(const Options& options)
    : options_(options),
      worker_count_(options.workers > 0 ? options.workers : usable_cores()),
      place_count_(places_for(worker_count_)),
      queue_limit_(64 + 4 * static_cast<std::size_t>(worker_count_)),
      machine_kills_(machine_out_of_memory_kills()) {
  start_launcher();
  thread_ = std::thread([this] { loop_.run(); });
}

Supervisor::~Supervisor() {
  loop_.post([this] {
    stopping_ = true;
    fail_everything(kStopped);
    control_.reset();
    link_.reset();
    loop_.post([this] { loop_.stop(); });
  });
  thread_.join();
}

void Supervisor::use_level(Level level, int tries) {
  std::promise<void> done;
  loop_.post([&] {
    const auto all = workers_;
    for (const auto& [id, worker] : all) drop(worker);
    level_ = level;
    max_tries_ = tries;
    done.set_value();
  });
  done.get_future().wait();
}

void Supervisor::submit(Run run, std::shared_ptr<ChannelHandler> channel, Sandbox::Callback done) {
  auto job = std::make_shared<Job>();
  job->run = std::move(run);
  job->channel = std::move(channel);
  job->done = std::move(done);
  {
    std::unique_lock lock(mutex_);
    if (std::this_thread::get_id() != thread_.get_id())
      room_.wait(lock, [this] { return queue_.size() < queue_limit_; });
    queue_.push_back(std::move(job));
  }
  loop_.post([this] { pump(); });
}

Sandbox::Result Supervisor::run(Run run, std::shared_ptr<ChannelHandler> channel) {
  QUORUM_CHECK(std::this_thread::get_id() != thread_.get_id(), "a blocking run from a callback");
  std::promise<Sandbox::Result> result;
  submit(std::move(run), std::move(channel),
         [&](Sandbox::Result r) { result.set_value(std::move(r)); });
  return result.get_future().get();
}

Sandbox::Counts Supervisor::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void Supervisor::stop() {
  loop_.post([this] {
    stopping_ = true;
    fail_everything(kStopped);
  });
}

void Supervisor::pump() {
  if (stopping_) return fail_everything(kStopped);
  open_gates();
  for (;;) {
    if (!control_) return fail_everything("the launcher cannot be started");
    JobPtr job;
    if (!alone_.empty()) {
      if (busy_ > 0) return;
      job = std::move(alone_.front());
      alone_.pop_front();
    } else {
      if (alone_runs_ || busy_ >= place_count_) return;
      job = next();
      if (!job) return;
    }
    alone_runs_ = job->alone;
    ++busy_;
    if (busy_ > 1)
      for (const auto& [id, worker] : workers_) worker->shared_machine = true;
    dispatch(job);
  }
}

JobPtr Supervisor::next() {
  const std::lock_guard lock(mutex_);
  std::deque<JobPtr>& from = again_.empty() ? queue_ : again_;
  if (from.empty()) return nullptr;
  JobPtr job = std::move(from.front());
  from.pop_front();
  room_.notify_one();
  return job;
}

void Supervisor::dispatch(const JobPtr& job) {
  if (job->compiles) return start_compiler(job);
  if (job->run.program->language == Language::kCpp && !job->executable) {
    if (!find_executable(job)) return free_place();
    if (!job->executable) return;  // this place compiles now
  }
  WorkerPtr worker;
  try {
    if (!idle_.empty()) {
      worker = idle_.back();
      idle_.pop_back();
    } else {
      worker = start_worker(false);
    }
  } catch (const Error& error) {
    free_place();
    return try_again(job, error.what());
  }
  begin(worker, job);
}

void Supervisor::free_place() {
  --busy_;
  alone_runs_ = false;
  loop_.post([this] { pump(); });
}

void Supervisor::complete(const JobPtr& job, Sandbox::Result result) {
  count(&Sandbox::Counts::runs);
  const auto done = std::move(job->done);
  if (done) done(std::move(result));
}

void Supervisor::broken(const WorkerPtr& worker, const std::string& why) {
  if (worker->gone) return;
  const JobPtr job = worker->job;
  drop(worker);  // with what runs in it
  worker->forget_run();
  if (!job) return;
  free_place();
  try_again(job, why);
}

void Supervisor::try_again(const JobPtr& job, const std::string& why) {
  if (++job->tries >= max_tries_ || stopping_) return give_up(job, why);
  count(&Sandbox::Counts::retries);
  pausing_.insert(job);
  loop_.later(kPause * (1 << job->tries), [this, job] {
    if (pausing_.erase(job) == 0) return;  // given up
    put_back(job);
    pump();
  });
}

// Another try waits for a place like everybody else, and for all places if it is to run alone.
void Supervisor::put_back(const JobPtr& job) {
  if (job->alone) return alone_.push_front(job);
  const std::lock_guard lock(mutex_);
  again_.push_front(job);
}

void Supervisor::give_up(const JobPtr& job, const std::string& why) {
  if (!job->compiles) return complete(job, InfraFailure{why});
  if (job->doubtful) return give_up(job->doubtful, why);
  const auto entry = compiled_.extract(job->hash);
  if (entry.empty()) return;
  for (const JobPtr& waiting : entry.mapped().waiting) complete(waiting, InfraFailure{why});
}

void Supervisor::fail_everything(const std::string& why) {
  std::vector<JobPtr> all;
  const auto workers = workers_;
  for (const auto& [id, worker] : workers) {
    if (worker->job) {
      all.push_back(worker->job);
      --busy_;
    }
    drop(worker);  // with what runs in it
    worker->forget_run();
  }
  alone_runs_ = false;
  all.insert(all.end(), alone_.begin(), alone_.end());
  alone_.clear();
  all.insert(all.end(), pausing_.begin(), pausing_.end());
  pausing_.clear();
  {
    const std::lock_guard lock(mutex_);
    all.insert(all.end(), again_.begin(), again_.end());
    all.insert(all.end(), queue_.begin(), queue_.end());
    again_.clear();
    queue_.clear();
  }
  room_.notify_all();
  for (const JobPtr& job : all) give_up(job, why);
  const auto compiling = std::exchange(compiled_, {});
  for (const auto& [hash, entry] : compiling)
    for (const JobPtr& job : entry.waiting) complete(job, InfraFailure{why});
  compiled_order_.clear();
}

void Supervisor::count(std::uint64_t Sandbox::Counts::*what) {
  const std::lock_guard lock(mutex_);
  ++(counts_.*what);
}

}  // namespace quorum::sandbox
