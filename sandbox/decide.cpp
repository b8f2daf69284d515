#include "sandbox/decide.h"

#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace quorum::sandbox {
namespace {

constexpr std::uint64_t kFirstStackBytes = 1 << 20;  // and other mappings of the kernel's own

std::string_view last_line(std::string_view text) {
  text = trim(text);
  const std::size_t newline = text.rfind('\n');
  return newline == text.npos ? text : trim(text.substr(newline + 1));
}

bool begins(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

// How each language says that memory has ended: Python by its last line, C++ when an exception is
// not caught.
// (The interpreter's own OSError is of a mapping that was refused.)
bool says_memory(Language language, std::string_view err) {
  if (language == Language::kPython) {
    const std::string_view line = last_line(err);
    return line == "MemoryError" || begins(line, "MemoryError:") ||
           begins(line, "OSError: [Errno 12]") ||
           begins(line, "numpy.core._exceptions._ArrayMemoryError") ||
           begins(line, "numpy._core._exceptions._ArrayMemoryError");
  }
  return err.find("terminate called after throwing an instance of 'std::bad_alloc'") != err.npos;
}

// The kernel ends a program that it cannot map by a signal, as if it had made a mistake of its own.
bool cannot_be_loaded(const Limits& limits, const RunFacts& facts, int signal) {
  return (signal == SIGSEGV || signal == SIGKILL) &&
         facts.image_bytes + kFirstStackBytes > limits.memory_bytes;
}

}  // namespace

std::chrono::nanoseconds own_wall(const RunFacts& facts) {
  return std::max(facts.wall - facts.run_delay, std::chrono::nanoseconds(0));
}

std::chrono::nanoseconds busy_margin(std::chrono::nanoseconds limit) {
  return std::max<std::chrono::nanoseconds>(limit / 20, std::chrono::milliseconds(50));
}

bool was_busy(std::chrono::nanoseconds wall, std::chrono::nanoseconds run_delay) {
  return run_delay > wall / 10;
}

bool over_wall(const Limits& limits, const RunFacts& facts) {
  const auto margin = was_busy(facts.wall, facts.run_delay) ? busy_margin(limits.wall)
                                                            : std::chrono::nanoseconds(0);
  return own_wall(facts) > limits.wall + margin;
}

bool near_miss(const Limits& limits, const RunFacts& facts) {
  return !facts.killed_for_time && (over_wall(limits, facts) || facts.cpu > limits.cpu);
}

Decision decide(Language language, const Limits& limits, const RunFacts& facts) {
  Decision decision;
  if (WIFSIGNALED(facts.wait_status)) {
    decision.signal = WTERMSIG(facts.wait_status);
    const char* name = strsignal(decision.signal);
    decision.detail = name ? name : "signal " + std::to_string(decision.signal);
  } else {
    decision.exit_code = WEXITSTATUS(facts.wait_status);
  }
  const auto because = [&](Ending ending, std::string detail) {
    decision.ending = ending;
    decision.detail = std::move(detail);
    return decision;
  };
  // A program that ignores SIGXFSZ may spin until its time is over: the size speaks first.
  if (facts.out_bytes > limits.output_bytes) return because(Ending::kOutputLimit, "stdout");
  if (facts.err_bytes > limits.error_bytes) return because(Ending::kOutputLimit, "stderr");
  if (facts.out_of_memory == OutOfMemory::kAtLimit)
    return because(Ending::kMemoryLimit, "killed at the limit of its cgroup");
  if (facts.too_many_threads) return because(Ending::kRuntimeError, "too many threads");
  if (facts.killed_for_time)
    return because(Ending::kTimeLimit, facts.cpu > limits.cpu ? "CPU time" : "wall time");
  // The kernel sends SIGXCPU above the limit, by a coarser clock; a program may send it to itself.
  if (facts.cpu > limits.cpu || (decision.signal == SIGXCPU && facts.cpu > limits.cpu / 2))
    return because(Ending::kTimeLimit, "CPU time");
  if (over_wall(limits, facts)) return because(Ending::kTimeLimit, "wall time");
  if (decision.signal == SIGXFSZ && facts.at_file_limit)
    return because(Ending::kOutputLimit, "a file");
  if (decision.signal == 0 && decision.exit_code == 0) return decision;
  if (cannot_be_loaded(limits, facts, decision.signal))
    return because(Ending::kMemoryLimit, "static data above the limit");
  if (says_memory(language, facts.err))
    return because(Ending::kMemoryLimit,
                   language == Language::kPython ? "MemoryError" : "std::bad_alloc");
  if (decision.signal == SIGSYS)
    return because(Ending::kRuntimeError, "a system call of another architecture");
  decision.ending = Ending::kRuntimeError;
  if (decision.signal == 0)
    decision.detail = language == Language::kPython && !facts.err.empty()
                          ? sanitize_utf8(last_line(facts.err).substr(0, 400))
                          : "exit code " + std::to_string(decision.exit_code);
  return decision;
}

}  // namespace quorum::sandbox
