#include "sandbox/runner/endurance.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "sandbox/runner/traces.h"
#include "sandbox/sandbox.h"

namespace quorum::attacks {
namespace {

namespace fs = std::filesystem;

struct Kind {
  int every;  // one program in so many
  const char* source;
  sandbox::Ending ending;
};

// The first whose turn it is; the last one is any program's.
const Kind kKinds[] = {
    {1009, "while True: pass", sandbox::Ending::kTimeLimit},
    {509, "import ctypes\nctypes.CDLL(None).prctl(1, 0)\nwhile True: pass",
     sandbox::Ending::kTimeLimit},
    {211,
     "import os, threading, time\n"
     "arguments = ['python3', '-S', '-c', 'import time; time.sleep(30)']\n"
     "threading.Thread(target=os.execv, args=('/usr/bin/python3', arguments)).start()\n"
     "time.sleep(20)",
     sandbox::Ending::kTimeLimit},
    {97, "x = bytearray(1 << 33)", sandbox::Ending::kMemoryLimit},
    {89, "while True: print('x' * 5000)", sandbox::Ending::kOutputLimit},
    {83, "import os\nos.abort()", sandbox::Ending::kRuntimeError},
    {79, "import threading\nfor _ in range(4): threading.Thread(target=print).start()",
     sandbox::Ending::kExited},
    {73, "import os\nos.fork()", sandbox::Ending::kRuntimeError},
    {71,
     "try:\n for i in range(20): open(f'/tmp/{i}', 'w').write('x' * 9999)\n"
     "except OSError: pass",
     sandbox::Ending::kExited},
    {67, "print([][1])", sandbox::Ending::kRuntimeError},
    {1, "print(6 * 7)", sandbox::Ending::kExited},
};

const Kind& kind_of(long number) {
  for (const Kind& kind : kKinds)
    if (number % kind.every == kind.every - 1) return kind;
  return kKinds[std::size(kKinds) - 1];
}

long files_in(const fs::path& folder) {
  std::error_code unreadable;
  long count = 0;
  for (auto at = fs::directory_iterator(folder, unreadable);
       !unreadable && at != fs::directory_iterator(); at.increment(unreadable))
    ++count;
  return count;
}

long lines_in(const fs::path& path) {
  std::ifstream file(path);
  long count = 0;
  for (std::string line; std::getline(file, line);) ++count;
  return count;
}

long resident_kib() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("VmRSS:", 0) == 0) return std::stol(line.substr(6));
  return 0;
}

// What must not grow; the last of them by more than a little.
constexpr std::array<const char*, 8> kCounted{"processes",      "descriptors", "descriptors below",
                                              "control groups", "mounts",      "mounts in boxes",
                                              "/dev/shm",       "KiB resident"};
using Census = std::array<long, kCounted.size()>;
constexpr long kResidentSlack = 32 << 10;

Census census() {
  const std::set<pid_t> below = descendants(::getpid());
  long descriptors = 0, box_mounts = 0;
  for (const pid_t pid : below) {
    const fs::path process = fs::path("/proc") / std::to_string(pid);
    descriptors += files_in(process / "fd");
    box_mounts = std::max(box_mounts, lines_in(process / "mountinfo"));
  }
  return {static_cast<long>(below.size()),
          files_in("/proc/self/fd"),
          descriptors,
          static_cast<long>(control_groups(below).size()),
          static_cast<long>(mounts().size()),
          box_mounts,
          files_in("/dev/shm"),
          resident_kib()};
}

// Once nothing has changed for a while: a worker may still be making its next box when the last
// program's result is there. What has leaked stays.
Census settled_census() {
  constexpr int kSame = 10, kMost = 200;
  Census counts = census();
  for (int same = 0, i = 0; same < kSame && i < kMost; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const Census now = census();
    const bool changed = !std::equal(now.begin(), now.end() - 1, counts.begin());  // but memory
    same = changed ? 0 : same + 1;
    counts = now;
  }
  return counts;
}

void print_heads() {
  std::printf("%8s", "programs");
  for (const char* name : kCounted) std::printf(" %17s", name);
  std::printf("\n");
}

void print_census(const SandboxChoice& choice, long runs, const Census& counts) {
  if (choice.quiet) return;
  std::printf("%8ld", runs);
  for (const long count : counts) std::printf(" %17ld", count);
  std::printf("\n");
  std::fflush(stdout);
}

class Endurance {
 public:
  explicit Endurance(const SandboxChoice& choice) {
    sandbox::Options options;
    options.level = sandbox::parse_level(choice.level);
    options.workers = choice.workers;
    options.launcher = choice.launcher;
    sandbox_ = sandbox::Sandbox::open(options);
  }

  // From `first` on, to the end of all.
  void run(long first, long count) {
    for (long i = first; i < first + count; ++i) {
      const Kind& kind = kind_of(i);
      auto program = std::make_shared<sandbox::Program>();
      program->source = std::string(kind.source) + "\n# " + std::to_string(i) + "\n";  // distinct
      sandbox::Run each;
      each.program = program;
      each.limits.wall = each.limits.cpu = kind.ending == sandbox::Ending::kTimeLimit
                                               ? std::chrono::milliseconds(200)
                                               : std::chrono::milliseconds(5000);
      each.limits.memory_bytes = 256 << 20;
      each.limits.output_bytes = 64 << 10;
      each.limits.scratch_bytes = i % 71 == 70 ? 1 << 20 : 0;
      ++running_;
      sandbox_->submit(std::move(each), [this, &kind, i](sandbox::Sandbox::Result result) {
        note(kind, i, result);
        --running_;
        running_.notify_one();
      });
    }
    for (long now = running_; now != 0; now = running_) running_.wait(now);
  }

  int wrong() const { return wrong_; }
  void close() { sandbox_.reset(); }

 private:
  void note(const Kind& kind, long number, const sandbox::Sandbox::Result& result) {
    const auto* outcome = std::get_if<sandbox::Outcome>(&result);
    if (outcome != nullptr && outcome->ending == kind.ending) return;
    ++wrong_;
    std::printf("FAIL program %ld: %s: %s\n", number,
                outcome == nullptr ? std::get<sandbox::InfraFailure>(result).what.c_str()
                                   : std::string(to_string(outcome->ending)).c_str(),
                outcome == nullptr ? kind.source : (outcome->err + outcome->detail).c_str());
  }

  std::unique_ptr<sandbox::Sandbox> sandbox_;
  std::atomic<long> running_{0};
  std::atomic<int> wrong_{0};
};

}  // namespace

int run_endurance(const SandboxChoice& choice, long runs) {
  become_reaper();
  constexpr long kWarm = 3000;  // until caches and pools have the size that they keep
  const Census outside = census();
  Endurance endurance(choice);
  endurance.run(0, std::min(runs, kWarm));
  if (!choice.quiet) print_heads();
  const Census begin = settled_census();
  print_census(choice, 0, begin);
  Census end = begin;
  for (long tenth = 0; tenth < 10; ++tenth) {
    endurance.run(tenth * (runs / 10), runs / 10);
    end = census();
    print_census(choice, (tenth + 1) * (runs / 10), end);
  }
  end = settled_census();
  int failures = endurance.wrong();
  const auto grew = [&](std::size_t i, long allowed) {
    if (end[i] - begin[i] <= allowed) return;
    std::printf("FAIL %s grew from %ld to %ld\n", kCounted[i], begin[i], end[i]);
    ++failures;
  };
  for (std::size_t i = 0; i + 1 < kCounted.size(); ++i) grew(i, 0);
  grew(kCounted.size() - 1, kResidentSlack);
  endurance.close();
  for (int i = 0; i < 150 && !descendants(::getpid()).empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {  // orphans are ours
    }
  }
  const Census after = census();
  print_census(choice, runs, after);
  for (const std::size_t i : {0UL, 4UL})
    if (after[i] != outside[i]) {
      std::printf("FAIL %s: %ld when all was closed\n", kCounted[i], after[i]);
      ++failures;
    }
  return failures;
}

}  // namespace quorum::attacks
