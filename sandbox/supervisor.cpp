#include "sandbox/supervisor.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <future>
#include <map>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "sandbox/cgroup.h"
#include "sandbox/decide.h"
#include "sandbox/launcher_link.h"
#include "sandbox/memory_file.h"
#include "sandbox/packet.h"
#include "sandbox/process_view.h"
#include "sandbox/protocol.h"
#include "sandbox/system.h"
#include "sandbox/worker.h"

namespace quorum::sandbox {
namespace {

namespace asio = boost::asio;
using asio::posix::stream_descriptor;
using Clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr double kGrace = 1.2;  // of a time limit, for programs that did not have the machine to themselves
constexpr auto kStartPatience = seconds(20);  // for a worker's interpreter and for a program at its gate
constexpr auto kEndPatience = seconds(5);     // for the report of a process that has ended
constexpr std::uint64_t kPythonStackBytes = std::uint64_t{64} << 20;
constexpr std::uint64_t kGroupReserveBytes = std::uint64_t{128} << 20;  // interpreter, kernel memory
constexpr std::size_t kCompiledKept = 48;

// The compiler's own limits (a program that needs more than these is refused: CE).
const Limits kCompilerLimits{seconds(10), seconds(10), std::uint64_t{2} << 30, kMaxExecutableBytes, std::uint64_t{1} << 20,
                             0};

struct Job {
  Run run;
  std::shared_ptr<ChannelHandler> channel;
  Sandbox::Callback done;
  int tries = 0;
  bool alone = false;  // its time was a near miss, and nothing else may run beside it
  std::shared_ptr<const UniqueFd> executable;
  bool compiles = false;  // not a run: it makes the executable of the program with this hash
  std::string hash;
};
using JobPtr = std::shared_ptr<Job>;

// A program that is being compiled, and then what became of it.
struct Compiled {
  bool started = false;
  std::shared_ptr<const UniqueFd> executable;
  std::shared_ptr<const Outcome> refusal;
  std::vector<JobPtr> waiting;
};

UniqueFd copy_of(int fd) {
  return UniqueFd(static_cast<int>(checked(fcntl(fd, F_DUPFD_CLOEXEC, 3), "cannot copy a descriptor")));
}

std::uint64_t ceil_seconds(nanoseconds time) {
  return static_cast<std::uint64_t>((time.count() + 999'999'999) / 1'000'000'000);
}
nanoseconds with_grace(nanoseconds time) {
  return nanoseconds(static_cast<std::int64_t>(static_cast<double>(time.count()) * kGrace));
}

bool imports_numpy(const std::string& source) { return source.find("numpy") != source.npos; }

// The loop's view of a worker, and of the run that is in it.
struct Worker {
  Worker(asio::io_context& io, std::uint32_t number, UniqueFd end) : id(number), socket(io, end.release()), timer(io) {}

  enum class State {
    kIdle,
    kStarting,  // the run is on its way to the gate
    kRunning,   // let go
    kEnding     // its process has ended; the report is on its way
  };

  std::uint32_t id;
  bool gone = false;
  UniqueFd process;  // pidfd of the worker's first process, once the launcher has told
  stream_descriptor socket;
  asio::steady_timer timer;

  State state = State::kIdle;
  JobPtr job;
  std::uint64_t serial = 0;  // of the run
  UniqueFd gate, out, err;
  std::unique_ptr<stream_descriptor> pidfd, channel;
  std::string to_channel;
  bool writing = false;
  pid_t pid = 0;
  std::uint64_t cpu_seconds = 0, file_bytes = 0;
  Clock::time_point start;
  nanoseconds wall{0}, delay_before{0}, delay{0};
  bool shared_machine = false;  // something else ran at the same time
  bool timed_out = false, stopped = false;
};
using WorkerPtr = std::shared_ptr<Worker>;

}  // namespace

class Supervisor::Loop {
 public:
  explicit Loop(const Options& options)
      : options_(options),
        worker_count_(options.workers > 0 ? options.workers
                                          : std::max(1, static_cast<int>(std::thread::hardware_concurrency()))),
        queue_limit_(64 + 4 * static_cast<std::size_t>(worker_count_)) {
    start_launcher();
    thread_ = std::thread([this] { io_.run(); });
  }

  ~Loop() {
    asio::post(io_, [this] {
      stopping_ = true;
      fail_everything("the sandbox was closed");
      work_.reset();
      control_.reset();
      link_.reset();
      io_.stop();
    });
    thread_.join();
    room_.notify_all();
  }

  const Host& host() const { return host_; }
  int workers() const { return worker_count_; }

  void use_level(Level level, int tries) {
    std::promise<void> done;
    asio::post(io_, [&] {
      const auto all = workers_;
      for (const auto& [id, worker] : all) drop(worker);
      level_ = level;
      max_tries_ = tries;
      done.set_value();
    });
    done.get_future().wait();
  }

  void submit(Run run, std::shared_ptr<ChannelHandler> channel, Sandbox::Callback done) {
    auto job = std::make_shared<Job>(Job{std::move(run), std::move(channel), std::move(done)});
    {
      std::unique_lock lock(mutex_);
      if (std::this_thread::get_id() != thread_.get_id())
        room_.wait(lock, [this] { return queue_.size() < queue_limit_; });
      queue_.push_back(std::move(job));
    }
    asio::post(io_, [this] { pump(); });
  }

  Sandbox::Result run(Run run, std::shared_ptr<ChannelHandler> channel) {
    QUORUM_CHECK(std::this_thread::get_id() != thread_.get_id(), "a blocking run from a callback");
    std::promise<Sandbox::Result> result;
    submit(std::move(run), std::move(channel), [&](Sandbox::Result r) { result.set_value(std::move(r)); });
    return result.get_future().get();
  }

  Sandbox::Counts counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
  }

 private:
  // ---- the launcher

  // Blocks for as long as the launcher looks at the machine: at the start, or while nothing can run anyway.
  void start_launcher() {
    link_ = LauncherLink::start(options_.launcher);
    count(&Sandbox::Counts::launchers_started);
    const nlohmann::json wanted{{"python", options_.python.string()},
                                {"without_seccomp", options_.without.seccomp},
                                {"without_landlock", options_.without.landlock},
                                {"without_namespaces", options_.without.namespaces}};
    if (!send_packet(link_->socket(), text_message(Kind::kSetUp, 0, wanted.dump()))) fail("cannot reach the launcher");
    Packet packet;
    if (receive_packet(link_->socket(), packet, true) != Received::kPacket)
      throw Error(ErrorKind::kEnvironment, "the sandbox's launcher ended at once", "",
                  "is " + options_.launcher + " this program?");
    const auto header = read_message<Header>(packet.bytes);
    const std::string text = packet.bytes.substr(std::min(packet.bytes.size(), sizeof(Header)));
    if (!header || header->kind != Kind::kReady)
      throw Error(ErrorKind::kEnvironment, "the sandbox cannot be set up", text);
    const auto answer = nlohmann::json::parse(text);
    host_.python = answer.at("python");
    host_.python_version = answer.at("python_version");
    host_.numpy_version = answer.at("numpy_version");
    host_.compiler = answer.at("compiler");
    host_.compiles_static = answer.at("compiles_static");
    host_.policy = answer.at("policy");
    host_.cgroup_version = answer.value("cgroup", 0);
    host_.no_cgroup = answer.value("no_cgroup", "");
    group_folders_.clear();
    for (const std::string folder : answer.value("cgroup_folders", nlohmann::json::array()))
      group_folders_.emplace_back(folder);
    control_ = std::make_unique<stream_descriptor>(io_, copy_of(link_->socket()).release());
    watch_control();
  }

  void watch_control() {
    control_->async_wait(stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
      if (error || stopping_ || !control_) return;
      for (Packet packet;;) {
        const Received received = receive_packet(control_->native_handle(), packet, false);
        if (received == Received::kClosed) return launcher_ended();
        if (received == Received::kNothingYet) break;
        on_notice(packet);
      }
      watch_control();
    });
  }

  void on_notice(Packet& packet) {
    const auto header = read_message<Header>(packet.bytes);
    if (!header) return;
    const auto found = workers_.find(header->id);
    if (found == workers_.end()) return;
    const WorkerPtr worker = found->second;
    if (header->kind == Kind::kWorker && packet.descriptors.size() == 1) worker->process = std::move(packet.descriptors[0]);
    if (header->kind == Kind::kFailed) broken(worker, packet.bytes.substr(sizeof(Header)));
    if (header->kind == Kind::kWorkerGone) broken(worker, "the worker ended");
  }

  void launcher_ended() {
    control_.reset();
    link_.reset();
    const auto all = workers_;
    for (const auto& [id, worker] : all) broken(worker, "the launcher ended");
    // The groups of the dead are ours to remove, once the kernel has ended everybody in them.
    remove_groups(group_folders_);
    try {
      start_launcher();
    } catch (const Error& error) {
      fail_everything(error.what());
    }
    pump();
  }

  // ---- handing out

  void pump() {
    while (!stopping_) {
      if (!control_) return fail_everything("the launcher cannot be started");
      JobPtr job;
      if (!alone_.empty()) {
        if (busy_ > 0) return;
        job = std::move(alone_.front());
        alone_.pop_front();
      } else {
        if (alone_runs_ || busy_ >= worker_count_) return;
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

  JobPtr next() {
    const std::lock_guard lock(mutex_);
    std::deque<JobPtr>& from = again_.empty() ? queue_ : again_;
    if (from.empty()) return nullptr;
    JobPtr job = std::move(from.front());
    from.pop_front();
    room_.notify_one();
    return job;
  }

  void dispatch(const JobPtr& job) {
    if (job->run.program->language == Language::kCpp && !job->executable && !job->compiles) {
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

  void free_place() {
    --busy_;
    alone_runs_ = false;
    asio::post(io_, [this] { pump(); });
  }

  WorkerPtr start_worker(bool compiles) {
    auto [ours, theirs] = make_packet_sockets();
    WorkerRequest request;
    request.header.id = ++last_worker_;
    request.level = static_cast<std::uint32_t>(level_);
    request.compiles = compiles ? 1 : 0;
    if (!control_ || !send_packet(control_->native_handle(), bytes_of(request), {theirs.get()}))
      fail("cannot reach the launcher");
    count(&Sandbox::Counts::workers_started);
    auto worker = std::make_shared<Worker>(io_, request.header.id, std::move(ours));
    workers_[worker->id] = worker;
    watch(worker);
    return worker;
  }

  void watch(const WorkerPtr& worker) {
    worker->socket.async_wait(stream_descriptor::wait_read, [this, worker](const boost::system::error_code& error) {
      if (error || worker->gone) return;
      for (Packet packet; !worker->gone;) {
        const Received received = receive_packet(worker->socket.native_handle(), packet, false);
        if (received == Received::kClosed) return broken(worker, "the worker ended");
        if (received == Received::kNothingYet) break;
        on_packet(worker, packet);
      }
      if (!worker->gone) watch(worker);
    });
  }

  void begin(const WorkerPtr& worker, const JobPtr& job) {
    worker->state = Worker::State::kStarting;
    worker->job = job;
    ++worker->serial;
    worker->shared_machine = busy_ > 1;
    worker->timed_out = worker->stopped = worker->writing = false;
    worker->delay = worker->delay_before = worker->wall = nanoseconds(0);
    worker->to_channel.clear();
    try {
      send_run(*worker, *job);
    } catch (const Error& error) {
      return broken(worker, error.what());
    }
    after(worker, kStartPatience);
  }

  void send_run(Worker& worker, const Job& job) {
    const Limits& limits = job.run.limits;
    RunRequest request;
    request.header.id = worker.id;
    const bool cpp = job.run.program->language == Language::kCpp;
    request.task = job.compiles ? Task::kCompile
                   : cpp        ? Task::kExecutable
                   : !host_.numpy_version.empty() && imports_numpy(job.run.program->source) ? Task::kPythonWithNumpy
                                                                                            : Task::kPython;
    worker.cpu_seconds = request.cpu_seconds = ceil_seconds(with_grace(limits.cpu));
    worker.file_bytes = request.file_bytes =
        job.compiles ? kMaxExecutableBytes : std::max(limits.output_bytes, limits.error_bytes) + 1;
    request.memory_bytes = limits.memory_bytes;
    // glibc gives threads 2 MiB where the stack is not limited; memory bounds it then.
    request.stack_bytes = cpp && !job.compiles ? 0 : kPythonStackBytes;
    request.scratch_bytes = job.compiles || level_ > Level::kB || options_.without.namespaces ? 0 : limits.scratch_bytes;
    request.group_bytes = limits.memory_bytes + limits.output_bytes + limits.error_bytes + limits.scratch_bytes +
                          kGroupReserveBytes + (job.compiles ? kGroupReserveBytes * 2 : 0);
    worker.gate = UniqueFd(static_cast<int>(checked(eventfd(0, EFD_CLOEXEC), "cannot make a gate")));
    worker.out = make_memory_file({}, MemoryFileUse::kOutput);
    worker.err = make_memory_file({}, MemoryFileUse::kOutput);
    const int in = job.run.input.descriptor();
    const UniqueFd input = in >= 0 ? reopen_read_only(in) : UniqueFd(open("/dev/null", O_RDONLY | O_CLOEXEC));
    UniqueFd code;
    if (!job.executable) code = make_memory_file(job.run.program->source, MemoryFileUse::kData);
    if (job.compiles) code = reopen_read_only(code.get());
    std::vector<int> descriptors{worker.gate.get(), job.executable ? job.executable->get() : code.get(), input.get(),
                                 worker.out.get(), worker.err.get()};
    UniqueFd theirs;
    worker.channel.reset();
    if (job.channel) {
      int ends[2];
      checked(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "cannot make a channel");
      worker.channel = std::make_unique<stream_descriptor>(io_, ends[0]);
      theirs = UniqueFd(ends[1]);
      descriptors.push_back(theirs.get());
      request.has_channel = 1;
    } else {
      request.has_channel = 0;
    }
    if (!send_packet(worker.socket.native_handle(), bytes_of(request), descriptors)) fail("cannot reach a worker");
  }

  // ---- a run

  void on_packet(const WorkerPtr& worker, Packet& packet) {
    const auto header = read_message<Header>(packet.bytes);
    if (!header) return broken(worker, "a worker said something strange");
    switch (header->kind) {
      case Kind::kWaiting:
        if (worker->state != Worker::State::kStarting || packet.descriptors.size() != 1)
          return broken(worker, "a program came to its gate out of turn");
        return let_go(worker, std::move(packet.descriptors[0]));
      case Kind::kEnded:
      case Kind::kCompiled: {
        const auto end = read_message<RunEnd>(packet.bytes);
        if (!end || !worker->job) return broken(worker, "a worker reported the end of nothing");
        if (worker->state == Worker::State::kStarting)
          return broken(worker, "a process ended before its walls were up");
        return finish(worker, *end, packet.descriptors);
      }
      case Kind::kFailed: return broken(worker, packet.bytes.substr(sizeof(Header)));
      default: return broken(worker, "a worker said something strange");
    }
  }

  void let_go(const WorkerPtr& worker, UniqueFd pidfd) {
    Job& job = *worker->job;
    worker->pid = pid_of(pidfd.get());
    const std::string missing =
        missing_walls(worker->pid, {!options_.without.seccomp, job.run.limits.memory_bytes, worker->cpu_seconds, worker->file_bytes});
    if (!missing.empty()) return broken(worker, "a process came to its gate without " + missing);
    worker->delay_before = run_delay(worker->pid);
    worker->pidfd = std::make_unique<stream_descriptor>(io_, pidfd.release());
    worker->state = Worker::State::kRunning;
    if (job.channel) {
      job.channel->on_start();
      read_channel(worker);
    }
    worker->start = Clock::now();
    const std::uint64_t ticket = 1;
    if (write(worker->gate.get(), &ticket, sizeof ticket) != sizeof ticket) return broken(worker, "a gate does not open");
    worker->gate = UniqueFd();
    worker->pidfd->async_wait(stream_descriptor::wait_read,
                              [this, worker, serial = worker->serial](const boost::system::error_code& error) {
                                if (error || worker->gone || worker->serial != serial) return;
                                if (worker->state != Worker::State::kRunning) return;
                                worker->wall = Clock::now() - worker->start;
                                worker->state = Worker::State::kEnding;
                                after(worker, kEndPatience);
                              });
    after(worker, std::min(job.run.limits.wall, job.run.limits.cpu));
  }

  void after(const WorkerPtr& worker, nanoseconds time) {
    worker->timer.expires_after(std::max<nanoseconds>(time, milliseconds(1)));
    worker->timer.async_wait([this, worker, serial = worker->serial](const boost::system::error_code& error) {
      if (error || worker->gone || worker->serial != serial) return;
      switch (worker->state) {
        case Worker::State::kIdle: return;
        case Worker::State::kStarting: return broken(worker, "a program did not come to its gate in time");
        case Worker::State::kEnding: return broken(worker, "the end of a process was not reported in time");
        case Worker::State::kRunning: return look_at_time(worker);
      }
    });
  }

  void look_at_time(const WorkerPtr& worker) {
    if (worker->timed_out || worker->stopped) return broken(worker, "a process does not end");
    const Job& job = *worker->job;
    const nanoseconds elapsed = Clock::now() - worker->start;
    worker->delay = std::max(worker->delay, run_delay(worker->pid) - worker->delay_before);
    const nanoseconds own = elapsed - worker->delay, cpu = cpu_time(worker->pid).value_or(nanoseconds(0));
    // On a shared machine everything is slower: a program that would end within the grace is tried alone.
    const bool strict = job.alone || job.compiles || (!worker->shared_machine && worker->delay < elapsed / 50);
    const nanoseconds wall_limit = strict ? job.run.limits.wall : with_grace(job.run.limits.wall);
    const nanoseconds cpu_limit = strict ? job.run.limits.cpu : with_grace(job.run.limits.cpu);
    if (own > wall_limit || cpu > cpu_limit) {
      worker->timed_out = true;
      return end_process(worker);
    }
    after(worker, std::min(wall_limit - own, std::max<nanoseconds>(cpu_limit - cpu, milliseconds(5))) + milliseconds(1));
  }

  void end_process(const WorkerPtr& worker) {
    pidfd_send_signal(worker->pidfd->native_handle(), SIGKILL);
    after(worker, kEndPatience);
  }

  void read_channel(const WorkerPtr& worker) {
    auto buffer = std::make_shared<std::array<char, 65536>>();
    worker->channel->async_read_some(
        asio::buffer(*buffer),
        [this, worker, buffer, serial = worker->serial](const boost::system::error_code& error, std::size_t bytes) {
          if (error || worker->gone || worker->serial != serial || !worker->job) return;
          if (!hear(worker, {buffer->data(), bytes})) return;
          read_channel(worker);
        });
  }

  // False: the program is to end.
  bool hear(const WorkerPtr& worker, std::string_view bytes) {
    const auto reply = worker->job->channel->on_bytes(bytes);
    if (!reply) {
      worker->stopped = true;
      if (worker->state == Worker::State::kRunning) end_process(worker);
      return false;
    }
    worker->to_channel += *reply;
    write_channel(worker);
    return true;
  }

  void write_channel(const WorkerPtr& worker) {
    if (worker->writing || worker->to_channel.empty()) return;
    worker->writing = true;
    worker->channel->async_wait(
        stream_descriptor::wait_write, [this, worker, serial = worker->serial](const boost::system::error_code& error) {
          if (error || worker->gone || worker->serial != serial || !worker->channel) return;
          worker->writing = false;
          const ssize_t n = send(worker->channel->native_handle(), worker->to_channel.data(), worker->to_channel.size(),
                                 MSG_NOSIGNAL | MSG_DONTWAIT);
          if (n > 0) worker->to_channel.erase(0, static_cast<std::size_t>(n));
          if (n > 0 || errno == EAGAIN || errno == EINTR) write_channel(worker);
        });
  }

  // What the program said last may still lie in the channel.
  void drain_channel(const WorkerPtr& worker) {
    char bytes[65536];
    while (!worker->stopped) {
      const ssize_t n = recv(worker->channel->native_handle(), bytes, sizeof bytes, MSG_DONTWAIT);
      if (n <= 0 || !worker->job->channel->on_bytes({bytes, static_cast<std::size_t>(n)})) return;
    }
  }

  void finish(const WorkerPtr& worker, const RunEnd& end, std::vector<UniqueFd>& descriptors) {
    const JobPtr job = worker->job;
    if (worker->state == Worker::State::kRunning) worker->wall = Clock::now() - worker->start;
    if (worker->channel) drain_channel(worker);
    worker->state = Worker::State::kIdle;
    worker->timer.cancel();
    if (end.run_delay_ns >= 0) worker->delay = std::max(worker->delay, nanoseconds(end.run_delay_ns) - worker->delay_before);
    RunFacts facts;
    facts.wait_status = end.wait_status;
    facts.wall = worker->wall;
    facts.cpu = nanoseconds(end.cpu_ns);
    facts.run_delay = worker->delay;
    facts.killed_for_time = worker->timed_out;
    facts.out_of_memory = end.out_of_memory != 0;
    Outcome outcome;
    try {
      facts.out_bytes = file_size(worker->out.get());
      facts.err_bytes = file_size(worker->err.get());
      outcome.out = read_start(worker->out.get(), job->run.limits.output_bytes);
      outcome.err = read_start(worker->err.get(), job->run.limits.error_bytes);
    } catch (const Error& error) {
      return broken(worker, error.what());
    }
    facts.err = outcome.err;
    const bool stopped = worker->stopped;
    if (killed_by_machine(facts, stopped)) return broken(worker, "the machine ran out of memory and killed a program");
    release(worker);
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

  // SIGKILL that nobody here sent: the program itself may have, or the kernel for want of memory.
  bool killed_by_machine(const RunFacts& facts, bool stopped) {
    if (!WIFSIGNALED(facts.wait_status) || WTERMSIG(facts.wait_status) != SIGKILL) return false;
    if (facts.killed_for_time || stopped || facts.out_of_memory) return false;
    const std::uint64_t kills = machine_out_of_memory_kills();
    return std::exchange(machine_kills_, kills) < kills;
  }

  void complete(const JobPtr& job, Sandbox::Result result) {
    count(&Sandbox::Counts::runs);
    const auto done = std::move(job->done);
    if (done) done(std::move(result));
  }

  // The worker is free for another run, or, after a compilation, done.
  void release(const WorkerPtr& worker) {
    const bool compiles = worker->job->compiles;
    forget_run(*worker);
    if (compiles) {
      drop(worker);
    } else {
      idle_.push_back(worker);
    }
  }

  static void forget_run(Worker& worker) {
    worker.job.reset();
    worker.pidfd.reset();
    worker.channel.reset();
    for (UniqueFd* fd : {&worker.out, &worker.err, &worker.gate}) *fd = UniqueFd();
    ++worker.serial;
  }

  // ---- compiling

  // False: the job waits, or is answered. True with job->executable: it can run. True without: this place
  // compiles it.
  bool find_executable(const JobPtr& job) {
    const std::string hash = job->run.program->hash();
    Compiled& entry = compiled_[hash];
    if (entry.started) {
      if (entry.executable) {
        job->executable = entry.executable;
        return true;
      }
      if (entry.refusal) {
        complete(job, *entry.refusal);
      } else {
        entry.waiting.push_back(job);
      }
      return false;
    }
    entry.started = true;
    entry.waiting.push_back(job);
    auto compile = std::make_shared<Job>();
    compile->run = {job->run.program, Input(), kCompilerLimits};
    compile->compiles = true;
    compile->hash = hash;
    compile->alone = job->alone;
    start_compiler(compile);
    return true;
  }

  void start_compiler(const JobPtr& job) {
    WorkerPtr worker;
    try {
      worker = start_worker(true);
    } catch (const Error& error) {
      free_place();
      return try_again(job, error.what());
    }
    begin(worker, job);
  }

  void compiled(const JobPtr& job, const Outcome& said, const RunFacts& facts, std::vector<UniqueFd>& descriptors) {
    Compiled& entry = compiled_[job->hash];
    if (!descriptors.empty() && !facts.killed_for_time) {
      entry.executable = std::make_shared<UniqueFd>(std::move(descriptors[0]));
    } else {
      Outcome refusal;
      refusal.ending = Ending::kCompileError;
      refusal.level = level_;
      refusal.err = said.err;
      const Decision decision = decide(Language::kCpp, kCompilerLimits, facts);
      refusal.detail = decision.ending == Ending::kTimeLimit     ? "the compiler needs more than 10 s"
                       : decision.ending == Ending::kOutputLimit ? "the compiler's messages are longer than 1 MiB"
                                                                 : said.err.substr(0, 4000);
      if (refusal.detail.empty()) refusal.detail = "the compiler made no program within its limits";
      entry.refusal = std::make_shared<Outcome>(std::move(refusal));
    }
    compiled_order_.push_back(job->hash);
    {
      const std::lock_guard lock(mutex_);
      again_.insert(again_.end(), entry.waiting.begin(), entry.waiting.end());
    }
    entry.waiting.clear();
    while (compiled_order_.size() > kCompiledKept) {
      compiled_.erase(compiled_order_.front());
      compiled_order_.pop_front();
    }
    free_place();
  }

  // ---- failures of the infrastructure

  void broken(const WorkerPtr& worker, const std::string& why) {
    if (worker->gone) return;
    const JobPtr job = worker->job;
    forget_run(*worker);
    drop(worker);
    if (!job) return;
    free_place();
    try_again(job, why);
  }

  void drop(const WorkerPtr& worker) {
    worker->gone = true;
    worker->timer.cancel();
    boost::system::error_code ignored;
    worker->socket.close(ignored);
    // In a process namespace this ends everybody in it; elsewhere everybody dies with the parent.
    if (worker->process) pidfd_send_signal(worker->process.get(), SIGKILL);
    idle_.erase(std::remove(idle_.begin(), idle_.end(), worker), idle_.end());
    workers_.erase(worker->id);
  }

  void try_again(const JobPtr& job, const std::string& why) {
    if (++job->tries >= max_tries_ || stopping_) return give_up(job, why);
    count(&Sandbox::Counts::retries);
    auto pause = std::make_shared<asio::steady_timer>(io_, milliseconds(50) * (1 << job->tries));
    ++pausing_;
    pause->async_wait([this, pause, job, why](const boost::system::error_code&) {
      --pausing_;
      if (stopping_) return give_up(job, why);
      if (job->compiles) {
        ++busy_;
        return start_compiler(job);
      }
      {
        const std::lock_guard lock(mutex_);
        again_.push_front(job);
      }
      pump();
    });
  }

  void give_up(const JobPtr& job, const std::string& why) {
    if (!job->compiles) return complete(job, InfraFailure{why});
    const auto entry = compiled_.extract(job->hash);
    if (entry.empty()) return;
    for (const JobPtr& waiting : entry.mapped().waiting) complete(waiting, InfraFailure{why});
  }

  void fail_everything(const std::string& why) {
    std::vector<JobPtr> all;
    const auto workers = workers_;
    for (const auto& [id, worker] : workers) {
      if (worker->job) {
        all.push_back(worker->job);
        --busy_;
      }
      forget_run(*worker);
      drop(worker);
    }
    alone_runs_ = false;
    all.insert(all.end(), alone_.begin(), alone_.end());
    alone_.clear();
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

  void count(std::uint64_t Sandbox::Counts::*what) {
    const std::lock_guard lock(mutex_);
    ++(counts_.*what);
  }

  const Options options_;
  const int worker_count_;
  const std::size_t queue_limit_;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};

  // On the loop's thread only (before it starts, on the constructor's).
  Host host_;
  std::unique_ptr<LauncherLink> link_;
  std::unique_ptr<stream_descriptor> control_;
  std::vector<std::filesystem::path> group_folders_;
  std::map<std::uint32_t, WorkerPtr> workers_;
  std::vector<WorkerPtr> idle_;
  std::deque<JobPtr> alone_;
  std::map<std::string, Compiled> compiled_;
  std::deque<std::string> compiled_order_;
  Level level_ = Level::kA;
  int max_tries_ = 3, busy_ = 0, pausing_ = 0;
  bool alone_runs_ = false, stopping_ = false;
  std::uint32_t last_worker_ = 0;
  std::uint64_t machine_kills_ = machine_out_of_memory_kills();

  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::deque<JobPtr> queue_, again_;  // again_: first, those that were begun before
  Sandbox::Counts counts_;

  std::thread thread_;
};

Supervisor::Supervisor(const Options& options) : loop_(std::make_unique<Loop>(options)) {}
Supervisor::~Supervisor() = default;
const Host& Supervisor::host() const { return loop_->host(); }
int Supervisor::workers() const { return loop_->workers(); }
void Supervisor::use_level(Level level, int tries) { loop_->use_level(level, tries); }
void Supervisor::submit(Run run, std::shared_ptr<ChannelHandler> channel, Sandbox::Callback done) {
  loop_->submit(std::move(run), std::move(channel), std::move(done));
}
Sandbox::Result Supervisor::run(Run run, std::shared_ptr<ChannelHandler> channel) {
  return loop_->run(std::move(run), std::move(channel));
}
Sandbox::Counts Supervisor::counts() const { return loop_->counts(); }

}  // namespace quorum::sandbox
