// Hands runs to workers, lets each program through its gate after a look from outside, keeps its
// time, and turns what happened into an Outcome. One thread with an event loop does all of it.
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "sandbox/decide.h"
#include "sandbox/event_loop.h"
#include "sandbox/job.h"
#include "sandbox/launcher_link.h"
#include "sandbox/packet.h"
#include "sandbox/protocol.h"
#include "sandbox/sandbox.h"

namespace quorum::sandbox {

// What the launcher found on this machine.
struct Host {
  std::string python, python_version, numpy_version, compiler, no_compiler, policy;
  std::vector<std::string> foreign_path;
  bool user_namespaces = false;
  int cgroup_version = 0;  // 0: none
  std::string no_cgroup;   // why
};

class Supervisor {
 public:
  // Starts the launcher and the loop. Throws Error(kEnvironment).
  explicit Supervisor(const Options& options);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  const Host& host() const { return host_; }
  int workers() const { return worker_count_; }
  // Workers of this level from now on; ends those of another. Between runs only. `tries`: how often
  // a run is tried before its failure is reported.
  void use_level(Level level, int tries);

  void submit(Run run, std::shared_ptr<ChannelHandler> channel, Sandbox::Callback done);
  Sandbox::Result run(Run run, std::shared_ptr<ChannelHandler> channel);
  Sandbox::Counts counts() const;
  // Fails all runs, also those that come later; safe from any thread.
  void stop();

 private:
  // supervisor_workers.cpp: the launcher and its workers.
  void start_launcher();
  void watch_control();
  void on_notice(Packet& packet);
  void launcher_ended();
  WorkerPtr start_worker(bool compiles);
  void watch(const WorkerPtr& worker);
  void drop(const WorkerPtr& worker);

  // supervisor.cpp: who runs when.
  void pump();
  JobPtr next();
  void dispatch(const JobPtr& job);
  void free_place();
  void complete(const JobPtr& job, Sandbox::Result result);
  void broken(const WorkerPtr& worker,
              const std::string& why);  // the infrastructure failed in a worker
  void try_again(const JobPtr& job, const std::string& why);
  void put_back(const JobPtr& job);
  void give_up(const JobPtr& job, const std::string& why);
  void fail_everything(const std::string& why);
  void count(std::uint64_t Sandbox::Counts::*what);

  // supervisor_run.cpp: one run, from the request to the outcome.
  void begin(const WorkerPtr& worker, const JobPtr& job);
  void send_run(Worker& worker, const Job& job);
  void on_packet(const WorkerPtr& worker, Packet& packet);
  void come_to_gate(const WorkerPtr& worker);
  void open_gates();
  void let_go(const WorkerPtr& worker);
  void after(const WorkerPtr& worker, std::chrono::nanoseconds time);
  void look_at_time(const WorkerPtr& worker);
  void end_process(const WorkerPtr& worker);
  void finish(const WorkerPtr& worker, const RunEnd& end, std::vector<UniqueFd>& descriptors);
  void note_memory(Worker& worker, const Job& job);
  OutOfMemory ended_by_memory(const Worker& worker, const RunFacts& facts);

  // supervisor_channel.cpp
  void open_channel(Worker& worker, UniqueFd& theirs);
  void read_channel(const WorkerPtr& worker);
  bool hear(const WorkerPtr& worker, std::string_view bytes);
  void write_channel(const WorkerPtr& worker);
  void drain_channel(const WorkerPtr& worker);

  // supervisor_compile.cpp
  bool find_executable(const JobPtr& job);
  void start_compiler(const JobPtr& job);
  void doubt(const JobPtr& job, Outcome refusal, const std::string& why);
  void settle(const std::string& hash);  // those that wait for the program may go on
  void compiled(const JobPtr& job, const Outcome& said, const RunFacts& facts,
                std::vector<UniqueFd>& descriptors);

  const Options options_;
  const int worker_count_;  // programs that run at the same time
  const int place_count_;   // those, and programs on their way to their gates meanwhile
  const std::size_t queue_limit_;
  EventLoop loop_;

  // On the loop's thread only (before it starts, on the constructor's).
  Host host_;
  std::unique_ptr<LauncherLink> link_;
  std::unique_ptr<EventLoop::Watch> control_;  // null: there is no launcher
  std::map<std::uint32_t, WorkerPtr> workers_;
  std::vector<WorkerPtr> idle_;
  std::deque<WorkerPtr> at_gate_;
  std::deque<JobPtr> alone_;
  std::set<JobPtr> pausing_;                  // before another try
  std::map<std::string, Compiled> compiled_;  // by the program's hash
  std::deque<std::string> compiled_order_;    // oldest first
  Level level_ = Level::kA;
  int max_tries_ = 1;
  int busy_ = 0;  // runs and compilations that take a place
  bool alone_runs_ = false, stopping_ = false;
  std::uint32_t last_worker_ = 0;
  std::uint64_t machine_kills_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::deque<JobPtr> queue_;
  std::deque<JobPtr> again_;  // before those of the queue: begun once already
  Sandbox::Counts counts_;

  std::thread thread_;
};

}  // namespace quorum::sandbox
