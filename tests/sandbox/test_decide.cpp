#include <signal.h>

#include "sandbox/decide.h"
#include "support/catch.h"

using namespace quorum::sandbox;
using namespace std::chrono_literals;

namespace {

Limits limits() {
  Limits l;
  l.cpu = l.wall = 2s;
  l.output_bytes = 1000;
  l.error_bytes = 100;
  return l;
}
RunFacts exited(int code) {
  RunFacts f;
  f.wait_status = code << 8;
  f.wall = f.cpu = 10ms;
  return f;
}
RunFacts signalled(int signal) {
  RunFacts f = exited(0);
  f.wait_status = signal;
  return f;
}
Ending ending(const RunFacts& facts, Language language = Language::kPython) {
  return decide(language, limits(), facts).ending;
}

}  // namespace

TEST_CASE("a program that leaves with code 0 has ended by itself") {
  CHECK(ending(exited(0)) == Ending::kExited);
}

TEST_CASE("another code or a signal is a runtime error, with both reported") {
  const Decision code = decide(Language::kPython, limits(), exited(3));
  CHECK(code.ending == Ending::kRuntimeError);
  CHECK(code.exit_code == 3);
  CHECK(code.signal == 0);
  const Decision signal = decide(Language::kCpp, limits(), signalled(SIGSEGV));
  CHECK(signal.ending == Ending::kRuntimeError);
  CHECK(signal.exit_code == 0);
  CHECK(signal.signal == SIGSEGV);
  CHECK(ending(signalled(SIGKILL)) == Ending::kRuntimeError);  // by its own hand
  CHECK(ending(signalled(SIGSYS)) == Ending::kRuntimeError);
}

TEST_CASE("output above the limit speaks before everything else") {
  for (RunFacts facts : {exited(0), exited(1), signalled(SIGXFSZ), signalled(SIGKILL)}) {
    facts.killed_for_time = facts.wait_status == SIGKILL;  // it spun on with the signal ignored
    facts.out_bytes = 1001;
    CHECK(ending(facts) == Ending::kOutputLimit);
    facts.out_bytes = 0;
    facts.err_bytes = 101;
    CHECK(ending(facts) == Ending::kOutputLimit);
  }
  RunFacts exact = exited(0);
  exact.out_bytes = 1000;
  exact.err_bytes = 100;
  CHECK(ending(exact) == Ending::kExited);
}

TEST_CASE("time is over when the supervisor or the kernel says so, and when CPU time was used up") {
  RunFacts killed = signalled(SIGKILL);
  killed.killed_for_time = true;
  CHECK(ending(killed) == Ending::kTimeLimit);
  RunFacts slow = exited(0);
  slow.cpu = 2001ms;
  CHECK(ending(slow) == Ending::kTimeLimit);
  slow.cpu = 2000ms;
  CHECK(ending(slow) == Ending::kExited);
}

TEST_CASE("waiting for a CPU is not the program's time") {
  RunFacts waited = exited(0);
  waited.wall = 5s;
  waited.run_delay = 3500ms;
  CHECK(own_wall(waited) == 1500ms);
  CHECK(ending(waited) == Ending::kExited);
  CHECK_FALSE(near_miss(limits(), waited));
  waited.run_delay = 1s;
  CHECK(ending(waited) == Ending::kTimeLimit);
  CHECK(near_miss(limits(), waited));
  waited.killed_for_time = true;
  CHECK_FALSE(near_miss(limits(), waited));
}

TEST_CASE("on a busy machine the own time is known to a margin") {
  RunFacts busy = exited(0);
  busy.wall = 10s;
  busy.run_delay = busy.wall - 2090ms;
  CHECK(ending(busy) == Ending::kExited);
  busy.run_delay = busy.wall - 2110ms;
  CHECK(ending(busy) == Ending::kTimeLimit);
  RunFacts quiet = exited(0);
  quiet.wall = 2010ms;
  CHECK(ending(quiet) == Ending::kTimeLimit);
}

TEST_CASE("memory is over when the last line or the kernel says so") {
  RunFacts python = exited(1);
  python.err = "Traceback (most recent call last):\n  File \"x\", line 1\nMemoryError\n";
  CHECK(ending(python) == Ending::kMemoryLimit);
  python.err = "MemoryError\nValueError: no\n";
  CHECK(ending(python) == Ending::kRuntimeError);
  RunFacts said_only = exited(0);
  said_only.err = "MemoryError\n";
  CHECK(ending(said_only) == Ending::kExited);
  RunFacts cpp = signalled(SIGABRT);
  cpp.err =
      "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  "
      "std::bad_alloc\n";
  CHECK(ending(cpp, Language::kCpp) == Ending::kMemoryLimit);
  python.err = "OSError: [Errno 12] Cannot allocate memory\n";
  CHECK(ending(python) == Ending::kMemoryLimit);
  RunFacts large = signalled(SIGSEGV);
  large.image_bytes = limits().memory_bytes;
  CHECK(ending(large, Language::kCpp) == Ending::kMemoryLimit);
  large.image_bytes /= 2;
  CHECK(ending(large, Language::kCpp) == Ending::kRuntimeError);
  RunFacts group = signalled(SIGKILL);
  group.out_of_memory = OutOfMemory::kAtLimit;
  CHECK(ending(group) == Ending::kMemoryLimit);
}

TEST_CASE("a program that was ended for its threads is a runtime error") {
  RunFacts many = signalled(SIGKILL);
  many.too_many_threads = true;
  const Decision decision = decide(Language::kPython, limits(), many);
  CHECK(decision.ending == Ending::kRuntimeError);
  CHECK(decision.detail == "too many threads");
}

TEST_CASE("signals of limits that a program sends to itself are its own") {
  CHECK(ending(signalled(SIGXFSZ)) == Ending::kRuntimeError);
  RunFacts early = signalled(SIGXCPU);
  early.cpu = limits().cpu / 10;
  CHECK(ending(early) == Ending::kRuntimeError);
  early.cpu = limits().cpu * 2;
  CHECK(ending(early) == Ending::kTimeLimit);
}

TEST_CASE("a file above the limit is an output limit") {
  RunFacts large = signalled(SIGXFSZ);
  large.at_file_limit = true;
  CHECK(ending(large) == Ending::kOutputLimit);
}
