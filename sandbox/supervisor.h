// The event loop behind Sandbox: one thread that hands runs to workers, lets each program through its gate
// after a look from outside, keeps its time, and turns what happened into an Outcome.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "sandbox/sandbox.h"

namespace quorum::sandbox {

// What the launcher found on this machine.
struct Host {
  std::string python, python_version, numpy_version, compiler, policy;
  bool compiles_static = false;
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

  const Host& host() const;
  int workers() const;
  // Workers of this level from now on; ends those of another. Between runs only. `tries`: how often a run is
  // tried before its failure is reported.
  void use_level(Level level, int tries);

  void submit(Run run, std::shared_ptr<ChannelHandler> channel, Sandbox::Callback done);
  Sandbox::Result run(Run run, std::shared_ptr<ChannelHandler> channel);
  Sandbox::Counts counts() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace quorum::sandbox
