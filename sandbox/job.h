// What the supervisor keeps of a run that is asked for, and of a worker that runs it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "sandbox/cgroup.h"
#include "sandbox/event_loop.h"
#include "sandbox/sandbox.h"

namespace quorum::sandbox {

struct Job {
  Run run;
  std::shared_ptr<ChannelHandler> channel;  // may be null
  Sandbox::Callback done;
  int tries = 0;
  bool alone = false;  // its time was a near miss: nothing else may run beside it
  std::shared_ptr<const UniqueFd> executable;  // of C++
  std::uint64_t image_bytes = 0;               // of the executable: loaded_bytes()
  bool compiles = false;  // not a run: it makes the executable of the program with this hash
  std::string hash;
  // Of a compilation of a program that always compiles: one that failed in words that may be the
  // machine's or the source's. If this one succeeds, they were the source's.
  std::shared_ptr<Job> doubtful;
  std::shared_ptr<const Outcome> refusal;  // of the doubtful one
};
using JobPtr = std::shared_ptr<Job>;

// A program that is being compiled, and then what became of it.
struct Compiled {
  bool started = false;
  std::shared_ptr<const UniqueFd> executable;
  std::uint64_t image_bytes = 0;
  std::shared_ptr<const Outcome> refusal;
  std::vector<JobPtr> waiting;
};

struct Worker {
  enum class State {
    kIdle,
    kStarting,  // the run is on its way to the gate
    kAtGate,    // it waits there until fewer others run
    kRunning,   // let go
    kEnding     // its process has ended; the report is on its way
  };

  std::uint32_t id = 0;
  bool gone = false;
  UniqueFd process;  // pidfd of the worker's first process, once the launcher has told
  UniqueFd group_events, group_hits;  // likewise, of its cgroup where it has one
  std::unique_ptr<EventLoop::Watch> socket;
  std::unique_ptr<EventLoop::Timer> timer;

  // Of the run that is in it.
  State state = State::kIdle;
  JobPtr job;
  UniqueFd gate, out, err;
  std::unique_ptr<EventLoop::Watch> process_end, channel;  // a pidfd; the harness's end
  std::string to_channel;
  bool writing = false, unheard = false;
  pid_t pid = 0;
  MemoryEvents group_before;                      // of a new group: none
  std::uint64_t machine_kills_before = 0;         // for a compiler without a group
  std::uint64_t cpu_seconds = 0, file_bytes = 0;  // the limits that the kernel keeps
  std::chrono::steady_clock::time_point start;
  std::chrono::nanoseconds wall{0}, delay_before{0}, delay{0};
  bool shared_machine = false;  // another run was there at the same time
  bool timed_out = false, stopped = false, too_many_threads = false;

  // Ready for another run.
  void forget_run() {
    job.reset();
    process_end.reset();
    channel.reset();
    for (UniqueFd* fd : {&gate, &out, &err}) *fd = UniqueFd();
    timer->cancel();
    to_channel.clear();
    state = State::kIdle;
    writing = unheard = timed_out = stopped = too_many_threads = false;
    wall = delay_before = delay = std::chrono::nanoseconds(0);
  }
};
using WorkerPtr = std::shared_ptr<Worker>;

}  // namespace quorum::sandbox
