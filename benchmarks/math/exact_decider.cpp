#include "benchmarks/math/exact_decider.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/file.h"
#include "benchmarks/math/decision_budget.h"
#include "benchmarks/math/exact_request.h"

namespace quorum {
namespace {

using Clock = std::chrono::steady_clock;

// A running process, at the other end of a socket; ended and waited for when it goes.
class Process {
 public:
  // nullptr: it cannot be started.
  static std::unique_ptr<Process> start(const std::string& program) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return nullptr;
    UniqueFd ours(ends[0]), theirs(ends[1]);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, theirs.get(), STDIN_FILENO);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    // An abort of the library is no message to the user.
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    // A process group of its own: an interrupt from the terminal is the parent's affair.
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    std::string path = program, verb = kExactDeciderVerb;
    char* const arguments[] = {path.data(), verb.data(), nullptr};
    pid_t pid = -1;
    const int failed = posix_spawn(&pid, path.c_str(), &files, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    if (failed != 0) return nullptr;
    return std::unique_ptr<Process>(new Process(pid, std::move(ours)));
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() {
    kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  enum class End { kAnswer, kTimeout, kDied };
  // Sends a request and waits for its answer.
  End ask(const std::string& request, Clock::time_point deadline, char& answer) {
    const auto size = static_cast<std::uint32_t>(request.size());
    std::string message;
    for (int shift = 0; shift < 32; shift += 8) message += static_cast<char>(size >> shift & 255u);
    message += request;
    for (std::size_t sent = 0; sent < message.size();) {
      if (const End end = wait(POLLOUT, deadline); end != End::kAnswer) return end;
      const ssize_t bytes = send(socket_.get(), message.data() + sent, message.size() - sent,
                                 MSG_NOSIGNAL | MSG_DONTWAIT);
      if (bytes > 0) sent += static_cast<std::size_t>(bytes);
      if (bytes < 0 && errno != EINTR && errno != EAGAIN) return End::kDied;
    }
    for (;;) {
      if (const End end = wait(POLLIN, deadline); end != End::kAnswer) return end;
      const ssize_t bytes = recv(socket_.get(), &answer, 1, MSG_DONTWAIT);
      if (bytes == 1) return End::kAnswer;
      if (bytes == 0 || (errno != EINTR && errno != EAGAIN)) return End::kDied;
    }
  }

 private:
  Process(pid_t pid, UniqueFd socket) : pid_(pid), socket_(std::move(socket)) {}

  End wait(short events, Clock::time_point deadline) {
    for (;;) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
      if (left <= 0) return End::kTimeout;
      pollfd one{socket_.get(), events, 0};
      const int ready = poll(&one, 1, static_cast<int>(left));
      if (ready > 0) return End::kAnswer;
      if (ready < 0 && errno != EINTR) return End::kDied;
    }
  }

  pid_t pid_;
  UniqueFd socket_;
};

// Processes that wait for requests. Lives until the program ends.
class Pool {
 public:
  static Pool& instance() {
    static Pool pool;
    return pool;
  }

  void set_program(std::string path) {
    const std::lock_guard lock(mutex_);
    program_ = std::move(path);
    forget_idle();
  }

  ExactAnswer ask(const std::string& request) {
    ++requests_;
    for (int attempt = 0; attempt < 2; ++attempt) {
      const auto deadline =
          DecisionBudget::deadline(std::chrono::milliseconds(ExactDeciderLimits::kWallMs));
      if (deadline <= Clock::now()) return ExactAnswer::kTimeout;
      auto process = take(attempt > 0, deadline);
      if (!process) return Clock::now() < deadline ? ExactAnswer::kAbsent : ExactAnswer::kTimeout;
      char answer = kDontKnow;
      const Process::End end = process->ask(request, deadline, answer);
      give_back(end == Process::End::kAnswer ? std::move(process) : nullptr);
      if (end == Process::End::kTimeout) {
        ++timeouts_;
        return ExactAnswer::kTimeout;
      }
      if (end == Process::End::kAnswer) {
        return answer == kYes  ? ExactAnswer::kEqual
               : answer == kNo ? ExactAnswer::kUnequal
                               : ExactAnswer::kUnknown;
      }
      ++deaths_;
    }
    return ExactAnswer::kDied;
  }

  ExactDeciderCounts counts() const { return {requests_, started_, timeouts_, deaths_}; }

 private:
  void forget_idle() {
    running_ -= static_cast<int>(idle_.size());
    idle_.clear();
  }

  // An idle process or a new one; waits while there are as many as may be, nullptr after the
  // deadline. `fresh`: one that has just been started, because idle ones may have died together.
  std::unique_ptr<Process> take(bool fresh, Clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    if (program_.empty()) return nullptr;
    if (fresh) forget_idle();
    const bool room = room_.wait_until(lock, deadline, [&] {
      return !idle_.empty() || running_ < ExactDeciderLimits::kProcesses;
    });
    if (!room) return nullptr;
    if (!idle_.empty()) {
      auto process = std::move(idle_.back());
      idle_.pop_back();
      return process;
    }
    ++running_;
    const std::string program = program_;
    lock.unlock();
    auto process = Process::start(program);
    if (process) {
      ++started_;
    } else {
      give_back(nullptr);
    }
    return process;
  }

  void give_back(std::unique_ptr<Process> process) {
    const std::lock_guard lock(mutex_);
    if (process) {
      idle_.push_back(std::move(process));
    } else {
      --running_;
    }
    room_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable room_;
  std::string program_;
  std::vector<std::unique_ptr<Process>> idle_;
  int running_ = 0;  // and idle ones
  std::atomic<std::int64_t> requests_{0}, started_{0}, timeouts_{0}, deaths_{0};
};

}  // namespace

void set_exact_decider_program(std::string path) { Pool::instance().set_program(std::move(path)); }

ExactAnswer decide_exactly(const Expression& a, const Expression& b) {
  const auto request = exact_request(a, b);
  return request ? Pool::instance().ask(*request) : ExactAnswer::kUnknown;
}

ExactDeciderCounts exact_decider_counts() { return Pool::instance().counts(); }

}  // namespace quorum
