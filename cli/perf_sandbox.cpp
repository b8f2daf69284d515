// quorum perf sandbox: programs a second and core in the sandbox, beside starting python3 for each
// of them.
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/cores.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/perf.h"
#include "cli/stdio.h"
#include "sandbox/process_list.h"
#include "sandbox/sandbox.h"

namespace quorum::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct Small {
  std::string source, output;
};

// No two programs of a measurement are equal, so that nothing can be remembered.
Small small_program(std::uint64_t number) {
  return {fmt::format("print({} * 3 + 1)\n", number), fmt::format("{}\n", number * 3 + 1)};
}

struct Measured {
  std::string name;
  int items = 0, as_expected = 0;  // of the last pass
  double per_second = 0;           // of the median pass, all workers together
  double cpu_ms = 0;  // of a program, with all that was done for it; of the median pass
};

template <class Pass>  // int(first number): runs `items` programs, returns how many printed what
                       // they must
Measured measure(std::string name, int items, int passes, const Pass& pass) {
  Measured out{std::move(name), items};
  std::vector<double> rates, cpu;
  for (int i = 0; i < passes; ++i) {
    const auto cpu_before = sandbox::cpu_time_of_this_tree();
    const auto begin = Clock::now();
    out.as_expected = pass(static_cast<std::uint64_t>(i) * static_cast<std::uint64_t>(items));
    rates.push_back(items / std::chrono::duration<double>(Clock::now() - begin).count());
    const std::chrono::duration<double, std::milli> used =
        sandbox::cpu_time_of_this_tree() - cpu_before;
    cpu.push_back(used.count() / items);
  }
  const auto median = [](std::vector<double>& values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  };
  out.per_second = median(rates);
  out.cpu_ms = median(cpu);
  return out;
}

int run_sandboxed(sandbox::Sandbox& sandbox, std::uint64_t first, int items) {
  std::atomic<int> right{0}, left{items};
  for (int i = 0; i < items; ++i) {
    const Small small = small_program(first + static_cast<std::uint64_t>(i));
    sandbox::Run run;
    run.program = std::make_shared<const sandbox::Program>(
        sandbox::Program{sandbox::Language::kPython, small.source});
    sandbox.submit(std::move(run),
                   [&right, &left, wanted = small.output](sandbox::Sandbox::Result result) {
                     const auto* outcome = std::get_if<sandbox::Outcome>(&result);
                     if (outcome != nullptr && outcome->ending == sandbox::Ending::kExited &&
                         outcome->out == wanted)
                       ++right;
                     if (--left == 0) left.notify_one();
                   });
  }
  for (int now = left; now != 0; now = left) left.wait(now);
  return right;
}

// Starts the interpreter with its output in a memfd, as a grader without a sandbox would.
bool run_plain(const std::string& python, const Small& small) {
  UniqueFd out(::memfd_create("output", MFD_CLOEXEC));
  if (out.get() < 0) throw Error(ErrorKind::kEnvironment, "cannot make a file in memory");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.get(), 1);
  std::string words[] = {python, "-c", small.source};
  char* argv[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
  pid_t pid = 0;
  const int failed = ::posix_spawn(&pid, python.c_str(), &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw Error(ErrorKind::kEnvironment, "cannot start " + python);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  std::string text(small.output.size() + 1, '\0');
  const ssize_t size = ::pread(out.get(), text.data(), text.size(), 0);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return status == 0 && text == small.output;
}

int run_plainly(const std::string& python, int threads, std::uint64_t first, int items) {
  std::atomic<int> right{0}, next{0};
  std::vector<std::thread> pool;
  for (int t = 0; t < threads; ++t)
    pool.emplace_back([&] {
      for (int i = next++; i < items; i = next++)
        right += run_plain(python, small_program(first + static_cast<std::uint64_t>(i))) ? 1 : 0;
    });
  for (std::thread& thread : pool) thread.join();
  return right;
}

}  // namespace

int perf_sandbox(const PerfOptions& options) {
  const auto sandbox = sandbox::Sandbox::open({});
  const sandbox::Report& report = sandbox->report();
  const int workers = sandbox->workers();
  run_sandboxed(*sandbox, 1'000'000'000, 4 * workers);  // warms every worker
  const int plain_items = std::max(workers, options.programs / 20);
  const std::vector<Measured> all{
      measure(
          "sandbox", options.programs, options.passes,
          [&](std::uint64_t first) { return run_sandboxed(*sandbox, first, options.programs); }),
      measure("fork and exec", plain_items, options.passes, [&](std::uint64_t first) {
        return run_plainly(report.python, workers, first, plain_items);
      })};
  const double times = all[0].per_second / all[1].per_second;
  const int cores = std::min(workers, usable_cores());
  const auto per_core = [&](const Measured& m) { return m.per_second / cores; };

  if (options.common.json) {
    nlohmann::ordered_json cases = nlohmann::ordered_json::array();
    for (const Measured& m : all)
      cases.push_back({{"name", m.name},
                       {"items", m.items},
                       {"as_expected", m.as_expected},
                       {"per_second", m.per_second},
                       {"per_second_and_core", per_core(m)},
                       {"cpu_ms", m.cpu_ms}});
    write_data({}, nlohmann::ordered_json{{"level", std::string(to_string(report.level))},
                                          {"workers", workers},
                                          {"cores", cores},
                                          {"python", report.python},
                                          {"python_version", report.python_version},
                                          {"passes", options.passes},
                                          {"cases", cases},
                                          {"times_fork_and_exec", times}}
                           .dump(2) +
                       "\n");
    return 0;
  }
  std::string text = fmt::format("{:<16} {:>8} {:>8} {:>10} {:>10} {:>12}\n",
                                 fmt::format("level {}", to_string(report.level)), "programs",
                                 "right", "a second", "and core", "CPU ms each");
  for (const Measured& m : all)
    text += fmt::format("{:<16} {:>8} {:>8} {:>10.0f} {:>10.0f} {:>12.2f}\n", m.name, m.items,
                        m.as_expected, m.per_second, per_core(m), m.cpu_ms);
  text += fmt::format("{:.1f} times as fast as starting {} for each; {} workers on {} cores\n",
                      times, report.python, workers, cores);
  write_data({}, text);
  return 0;
}

}  // namespace quorum::cli
