// One run: from the request to the outcome.
#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "sandbox/kernel_limits.h"
#include "sandbox/memory_file.h"
#include "sandbox/process_view.h"
#include "sandbox/supervisor.h"
#include "sandbox/system.h"
#include "sandbox/worker.h"

namespace quorum::sandbox {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr auto kStartPatience =
    seconds(20);  // for a worker's interpreter, and a program on its way to the gate
// Where no kernel limit of an ordinary user counts one program's threads alone (level C), the
// supervisor counts.
constexpr int kMaxThreads = 128;
constexpr nanoseconds kCountThreads = milliseconds(20);
// From half of the time on, because what the threads of a program waited is lost when they end.
constexpr nanoseconds kLookAgain = milliseconds(50);
constexpr auto kSchedulingRound = milliseconds(200);  // that a thread may wait in one piece
constexpr auto kEndPatience = seconds(5);             // for the report of a process that has ended
constexpr std::uint64_t kPythonStackBytes = std::uint64_t{64} << 20;
// Above the limits of one program, for the interpreter and the kernel's own memory, and for a
// compiler's scratch.
constexpr std::uint64_t kGroupReserveBytes = std::uint64_t{128} << 20;

// A second interpreter, with numpy in it, serves these; a mention that is no import costs a little
// time only.
bool mentions_numpy(const std::string& source) { return source.find("numpy") != source.npos; }

}  // namespace

void Supervisor::begin(const WorkerPtr& worker, const JobPtr& job) {
  worker->state = Worker::State::kStarting;
  worker->job = job;
  worker->shared_machine = busy_ > 1;
  note_memory(*worker, *job);
  try {
    send_run(*worker, *job);
  } catch (const Error& error) {
    return broken(worker, error.what());
  }
  after(worker, kStartPatience);
}

void Supervisor::send_run(Worker& worker, const Job& job) {
  const Limits& limits = job.run.limits;
  RunRequest request;
  request.header.id = worker.id;
  const bool cpp = job.run.program->language == Language::kCpp;
  request.task = job.compiles ? Task::kCompile
                 : cpp        ? Task::kExecutable
                 : !host_.numpy_version.empty() && mentions_numpy(job.run.program->source)
                     ? Task::kPythonWithNumpy
                     : Task::kPython;
  const KernelLimits kept = kernel_limits(limits, job.compiles);
  worker.cpu_seconds = request.cpu_seconds = kept.cpu_seconds;
  worker.file_bytes = request.file_bytes = kept.file_bytes;
  request.memory_bytes = kept.memory_bytes;
  // glibc gives threads 2 MiB where the stack is not limited; memory bounds it then.
  request.stack_bytes = cpp && !job.compiles ? 0 : kPythonStackBytes;
  request.scratch_bytes =
      job.compiles || level_ > Level::kB || options_.without.namespaces ? 0 : limits.scratch_bytes;
  request.group_bytes = limits.memory_bytes + limits.output_bytes + limits.error_bytes +
                        limits.scratch_bytes + kGroupReserveBytes +
                        (job.compiles ? kGroupReserveBytes * 2 : 0);
  worker.gate = UniqueFd(static_cast<int>(checked(eventfd(0, EFD_CLOEXEC), "cannot make a gate")));
  worker.out = make_memory_file({}, MemoryFileUse::kOutput);
  worker.err = make_memory_file({}, MemoryFileUse::kOutput);
  const int in = job.run.input.descriptor();
  const UniqueFd input =
      in >= 0 ? reopen_read_only(in) : UniqueFd(open("/dev/null", O_RDONLY | O_CLOEXEC));
  UniqueFd code;
  if (!job.executable) code = make_memory_file(job.run.program->source, MemoryFileUse::kData);
  if (job.compiles) code = reopen_read_only(code.get());
  std::vector<int> descriptors{worker.gate.get(),
                               job.executable ? job.executable->get() : code.get(), input.get(),
                               worker.out.get(), worker.err.get()};
  UniqueFd theirs;
  request.has_channel = job.channel ? 1 : 0;
  if (job.channel) {
    open_channel(worker, theirs);
    descriptors.push_back(theirs.get());
  }
  if (!send_packet(worker.socket->descriptor(), bytes_of(request), descriptors))
    fail("cannot reach a worker");
}

void Supervisor::on_packet(const WorkerPtr& worker, Packet& packet) {
  const auto header = read_message<Header>(packet.bytes);
  if (!header) return broken(worker, "a worker said something strange");
  switch (header->kind) {
    case Kind::kProcess:
      if (worker->state != Worker::State::kStarting || packet.descriptors.size() != 1)
        return broken(worker, "a program announced itself out of turn");
      worker->pid = pid_of(packet.descriptors[0].get());
      worker->process_end = loop_.watch(std::move(packet.descriptors[0]));
      return;
    case Kind::kWaiting:
      if (worker->state != Worker::State::kStarting || !worker->process_end)
        return broken(worker, "a program came to its gate out of turn");
      return come_to_gate(worker);
    case Kind::kEnded:
    case Kind::kCompiled: {
      const auto end = read_message<RunEnd>(packet.bytes);
      if (!end || !worker->job) return broken(worker, "a worker reported the end of nothing");
      if (worker->state == Worker::State::kStarting || worker->state == Worker::State::kAtGate)
        return broken(worker, "a process ended before its gate was opened");
      return finish(worker, *end, packet.descriptors);
    }
    case Kind::kFailed: return broken(worker, packet.bytes.substr(sizeof(Header)));
    default: return broken(worker, "a worker said something strange");
  }
}

void Supervisor::come_to_gate(const WorkerPtr& worker) {
  const Job& job = *worker->job;
  const std::string missing =
      missing_walls(worker->pid, {!options_.without.seccomp, job.run.limits.memory_bytes,
                                  worker->cpu_seconds, worker->file_bytes});
  if (!missing.empty()) return broken(worker, "a process came to its gate without " + missing);
  // In its group the program is the first to go, and never the interpreter that others need.
  if (level_ == Level::kA &&
      !write_text("/proc/" + std::to_string(worker->pid) + "/oom_score_adj", "1000"))
    return broken(worker, "a program cannot be made the first to be killed for memory");
  worker->timer->cancel();
  worker->state = Worker::State::kAtGate;
  at_gate_.push_back(worker);
  open_gates();
}

void Supervisor::open_gates() {
  const auto running = [this] {
    return std::count_if(workers_.begin(), workers_.end(), [](const auto& entry) {
      return entry.second->state == Worker::State::kRunning;
    });
  };
  while (!at_gate_.empty() && running() < worker_count_) {
    const WorkerPtr worker = at_gate_.front();
    at_gate_.pop_front();
    if (!worker->gone) let_go(worker);
  }
}

void Supervisor::let_go(const WorkerPtr& worker) {
  Job& job = *worker->job;
  worker->delay_before = first_run_delay(worker->pid);
  worker->state = Worker::State::kRunning;
  if (job.channel) {
    job.channel->on_start();
    read_channel(worker);
  }
  worker->start = Clock::now();
  const std::uint64_t ticket = 1;
  if (write(worker->gate.get(), &ticket, sizeof ticket) != sizeof ticket)
    return broken(worker, "a gate does not open");
  worker->gate = UniqueFd();
  worker->process_end->when_readable([this, worker] {
    if (worker->state != Worker::State::kRunning) return;
    worker->wall = Clock::now() - worker->start;
    worker->state = Worker::State::kEnding;
    after(worker, kEndPatience);
    open_gates();
  });
  const nanoseconds first_look = std::min(job.run.limits.wall, job.run.limits.cpu) / 2;
  after(worker, level_ == Level::kC ? std::min(first_look, kCountThreads) : first_look);
}

void Supervisor::after(const WorkerPtr& worker, nanoseconds time) {
  worker->timer->after(std::max<nanoseconds>(time, milliseconds(1)), [this, worker] {
    switch (worker->state) {
      case Worker::State::kIdle:
      case Worker::State::kAtGate: return;
      case Worker::State::kStarting:
        return broken(worker, "a program did not come to its gate in time");
      case Worker::State::kEnding:
        return broken(worker, "the end of a process was not reported in time");
      case Worker::State::kRunning: return look_at_time(worker);
    }
  });
}

void Supervisor::look_at_time(const WorkerPtr& worker) {
  if (worker->timed_out || worker->stopped || worker->too_many_threads)
    return broken(worker, "a process does not end");
  const Job& job = *worker->job;
  if (level_ == Level::kC && !job.compiles && thread_count(worker->pid) > kMaxThreads) {
    worker->too_many_threads = true;
    return end_process(worker);
  }
  const nanoseconds elapsed = Clock::now() - worker->start;
  worker->delay = std::max(worker->delay, run_delay(worker->pid) - worker->delay_before);
  const nanoseconds own = elapsed - worker->delay,
                    cpu = cpu_time(worker->pid).value_or(nanoseconds(0));
  // On a shared machine everything is slower: a program that would end within the grace is tried
  // alone.
  const bool strict =
      job.alone || job.compiles || (!worker->shared_machine && worker->delay < elapsed / 50);
  const nanoseconds wall_limit = strict ? job.run.limits.wall : with_grace(job.run.limits.wall);
  const nanoseconds cpu_limit = strict ? job.run.limits.cpu : with_grace(job.run.limits.cpu);
  // The wait that goes on now is in no counter yet: a program that could run is looked at again
  // before it is ended.
  nanoseconds margin =
      was_busy(elapsed, worker->delay) ? busy_margin(job.run.limits.wall) : nanoseconds(0);
  if (own > wall_limit + margin && cpu <= cpu_limit && is_runnable(worker->pid))
    margin += kSchedulingRound;
  if (own > wall_limit + margin || cpu > cpu_limit) {
    worker->timed_out = true;
    return end_process(worker);
  }
  after(worker, std::clamp<nanoseconds>(wall_limit - own, milliseconds(2),
                                        level_ == Level::kC ? kCountThreads : kLookAgain));
}

void Supervisor::end_process(const WorkerPtr& worker) {
  pidfd_send_signal(worker->process_end->descriptor(), SIGKILL);
  after(worker, kEndPatience);
}

void Supervisor::finish(const WorkerPtr& worker, const RunEnd& end,
                        std::vector<UniqueFd>& descriptors) {
  const JobPtr job = worker->job;
  if (worker->state == Worker::State::kRunning) worker->wall = Clock::now() - worker->start;
  if (worker->channel) drain_channel(worker);
  worker->timer->cancel();
  if (end.ended_ns > 0)  // the parent may have known before this thread got a CPU
    worker->wall = std::clamp(nanoseconds(end.ended_ns) - worker->start.time_since_epoch(),
                              nanoseconds(0), worker->wall);
  if (end.run_delay_ns >= 0)
    worker->delay = std::max(worker->delay, nanoseconds(end.run_delay_ns) - worker->delay_before);
  RunFacts facts;
  facts.wait_status = static_cast<int>(end.wait_status);
  facts.image_bytes = job->image_bytes;
  facts.wall = worker->wall;
  facts.cpu = nanoseconds(end.cpu_ns);
  facts.run_delay = worker->delay;
  facts.killed_for_time = worker->timed_out;
  facts.too_many_threads = worker->too_many_threads;
  Outcome outcome;
  try {
    facts.out_bytes = file_size(worker->out.get());
    facts.err_bytes = file_size(worker->err.get());
    // A write far behind the end makes no file larger. Files of a scratch go unseen.
    facts.at_file_limit = job->run.limits.scratch_bytes >= worker->file_bytes ||
                          file_position(worker->out.get()) >= worker->file_bytes ||
                          file_position(worker->err.get()) >= worker->file_bytes;
    outcome.out = read_start(worker->out.get(), job->run.limits.output_bytes);
    outcome.err = read_start(worker->err.get(), job->run.limits.error_bytes);
  } catch (const Error& error) {
    return broken(worker, error.what());
  }
  facts.err = outcome.err;
  const bool stopped = worker->stopped;
  facts.out_of_memory = ended_by_memory(*worker, facts);
  if (facts.out_of_memory == OutOfMemory::kOfMachine && WIFSIGNALED(facts.wait_status))
    return broken(worker, "the machine ran out of memory and killed a program");
  worker->forget_run();
  if (job->compiles) {
    drop(worker);
  } else {
    idle_.push_back(worker);
  }
  if (job->compiles) return compiled(job, outcome, facts, descriptors);

  const bool again = near_miss(job->run.limits, facts) && !job->alone && !stopped;
  const Decision decision = decide(job->run.program->language, job->run.limits, facts);
  outcome.ending = decision.ending;
  outcome.exit_code = decision.exit_code;
  outcome.signal = decision.signal;
  outcome.detail = decision.detail;
  outcome.wall = facts.wall;
  outcome.cpu = facts.cpu;
  outcome.run_delay = facts.run_delay;
  outcome.memory_bytes = end.peak_bytes;
  outcome.stopped = stopped;
  outcome.level = level_;
  if (again) {
    job->alone = true;
    alone_.push_back(job);
    count(&Sandbox::Counts::run_alone);
  }
  free_place();
  if (!again) complete(job, std::move(outcome));
}

void Supervisor::note_memory(Worker& worker, const Job& job) {
  if (worker.group_events)
    worker.group_before = memory_events(worker.group_events.get(), worker.group_hits.get());
  else if (job.compiles)
    worker.machine_kills_before = machine_out_of_memory_kills();
}

// Of a SIGKILL that nobody here sent, and of a compiler, whose processes end unseen.
OutOfMemory Supervisor::ended_by_memory(const Worker& worker, const RunFacts& facts) {
  const bool killed = WIFSIGNALED(facts.wait_status) && WTERMSIG(facts.wait_status) == SIGKILL;
  if (!killed && !worker.job->compiles) return OutOfMemory::kNo;
  if (facts.killed_for_time || facts.too_many_threads || worker.stopped) return OutOfMemory::kNo;
  if (worker.group_events)
    return out_of_memory(worker.group_before,
                         memory_events(worker.group_events.get(), worker.group_hits.get()));
  // Without a group only the machine's count is there, of kills anywhere.
  const std::uint64_t kills = machine_out_of_memory_kills(),
                      before = worker.job->compiles ? worker.machine_kills_before
                                                    : std::exchange(machine_kills_, kills);
  return kills > before ? OutOfMemory::kOfMachine : OutOfMemory::kNo;
}

}  // namespace quorum::sandbox
