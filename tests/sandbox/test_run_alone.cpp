// A near miss is run again alone, whatever happens to its worker meanwhile.
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <vector>

#include "sandbox/open_box.h"
#include "sandbox/runner/traces.h"

using namespace quorum;
using namespace quorum::sandbox;
using quorum::testing::make_run;
using std::chrono::milliseconds;

namespace {

// All of it is touched on the sandbox's thread only.
struct Seen {
  int others_running = 0, starts = 0;
  int disturbed = 0;  // starts beside the run that is to be alone, or of it beside others
  bool alone_running = false;
  std::set<pid_t> not_ours;
};

class Other : public ChannelHandler {
 public:
  explicit Other(Seen& seen) : seen_(seen) {}
  void on_start() override {
    ++seen_.others_running;
    if (seen_.alone_running) ++seen_.disturbed;
  }
  std::optional<std::string> on_bytes(std::string_view) override { return ""; }

 private:
  Seen& seen_;
};

// Its first start is a near miss, and its second, alone, loses its worker.
class NearMiss : public ChannelHandler {
 public:
  explicit NearMiss(Seen& seen) : seen_(seen) {}
  void on_start() override {
    ++seen_.starts;
    if (seen_.starts == 1) return;
    seen_.disturbed += seen_.others_running;
    if (seen_.starts == 2) {
      for (const pid_t pid : attacks::descendants(::getpid(), seen_.not_ours))
        if (attacks::name_of(pid) == "quorum-worker") kill(pid, SIGKILL);
    } else {
      seen_.alone_running = true;
    }
  }
  std::optional<std::string> on_bytes(std::string_view) override { return ""; }

 private:
  Seen& seen_;
};

}  // namespace

TEST_CASE("a near miss whose worker is killed while it runs alone is alone again") {
  Seen seen;
  seen.not_ours = attacks::descendants(::getpid());
  Options options;
  options.launcher = quorum::testing::program_path();
  options.workers = 2;
  const auto box = Sandbox::open(options);
  constexpr int kOthers = 30;
  std::mutex mutex;
  std::condition_variable changed;
  int back = 0;
  std::atomic<int> failures{0};
  const auto came_back = [&](const Sandbox::Result& result) {
    if (std::holds_alternative<InfraFailure>(result)) ++failures;
    const std::lock_guard lock(mutex);
    ++back;
    changed.notify_one();
  };
  Run near = make_run("import time\ntime.sleep(1.6)");
  near.limits.wall = milliseconds(1500);
  Ending ending = Ending::kExited;
  box->submit(near, std::make_shared<NearMiss>(seen), [&](Sandbox::Result result) {
    seen.alone_running = false;
    if (const auto* outcome = std::get_if<Outcome>(&result)) ending = outcome->ending;
    came_back(result);
  });
  for (int i = 0; i < kOthers; ++i)
    box->submit(make_run("import time\ntime.sleep(0.3)"), std::make_shared<Other>(seen),
                [&](Sandbox::Result result) {
                  --seen.others_running;
                  came_back(result);
                });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return back == kOthers + 1; });
  }
  CHECK(failures == 0);
  CHECK(ending == Ending::kTimeLimit);
  CHECK(box->counts().run_alone == 1);
  CHECK(seen.starts == 3);
  CHECK(seen.disturbed == 0);
}
