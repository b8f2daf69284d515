// Endings in the real sandbox that are easily taken for others.
#include <csignal>
#include <string>

#include "sandbox/elf_image.h"
#include "sandbox/memory_file.h"
#include "sandbox/open_box.h"
#include "support/catch.h"
#include "support/test_data.h"

using namespace quorum;
using namespace quorum::sandbox;
using testing::box, testing::make_run;
using namespace std::chrono_literals;

namespace {

Outcome outcome_of(Language language, const std::string& source,
                   std::uint64_t memory_bytes = std::uint64_t{256} << 20) {
  Run run = make_run(source, language);
  run.limits.memory_bytes = memory_bytes;
  return testing::outcome_of(run);
}
bool compiles() { return !box().report().compiler.empty() && box().report().level != Level::kD; }

}  // namespace

TEST_CASE("static data above the limit of memory is a memory limit, below it is not") {
  if (!compiles()) return;
  const auto with_data = [](const std::string& mebibytes) {
    return outcome_of(
        Language::kCpp,
        "#include <cstdio>\nstatic char a[" + mebibytes +
            "L << 20];\nint main(int n, char**) { a[n] = 1; std::puts(\"up\"); return "
            "a[n + 1]; }\n");
  };
  for (const char* mebibytes : {"256", "257", "1024", "1900"}) {
    INFO(mebibytes);
    CHECK(with_data(mebibytes).ending == Ending::kMemoryLimit);
  }
  CHECK(with_data("200").out == "up\n");
  const Outcome crash = outcome_of(Language::kCpp, "int main() { *(volatile int*)nullptr = 1; }\n");
  CHECK(crash.ending == Ending::kRuntimeError);
  CHECK(crash.signal == SIGSEGV);
}

TEST_CASE("a thread whose stack does not fit into the memory is a memory limit") {
  const std::string start =
      "import threading\nthreading.stack_size(%)\nt = threading.Thread(target="
      "lambda: print('up'))\nt.start()\nt.join()\n";
  const auto with_stack = [&](const std::string& bytes) {
    std::string source = start;
    return outcome_of(Language::kPython, source.replace(source.find('%'), 1, bytes));
  };
  CHECK(with_stack("1 << 29").ending == Ending::kMemoryLimit);
  CHECK(with_stack("1 << 27").out == "up\n");
  CHECK(outcome_of(Language::kPython, "raise RuntimeError(\"can't start new thread\")").ending ==
        Ending::kRuntimeError);
}

TEST_CASE("a mapping that is refused is a memory limit") {
  CHECK(outcome_of(Language::kPython, "import mmap\nmmap.mmap(-1, 1 << 33)").ending ==
        Ending::kMemoryLimit);
}

TEST_CASE("a program that sends itself the signal of a limit has an error of its own") {
  for (const int signal : {SIGXCPU, SIGXFSZ, SIGKILL}) {
    INFO(signal);
    const Outcome python = outcome_of(
        Language::kPython, "import os\nos.kill(os.getpid(), " + std::to_string(signal) + ")");
    CHECK(python.ending == Ending::kRuntimeError);
    CHECK(python.signal == signal);
    if (!compiles()) continue;
    const Outcome cpp = outcome_of(Language::kCpp, "#include <csignal>\nint main() { std::raise(" +
                                                       std::to_string(signal) + "); }\n");
    CHECK(cpp.ending == Ending::kRuntimeError);
    CHECK(cpp.signal == signal);
  }
}

TEST_CASE("the segments of a damaged program are counted as far as they are there") {
  const auto bytes_of_image = [](std::string bytes) {
    return loaded_bytes(make_memory_file(bytes, MemoryFileUse::kData).get());
  };
  CHECK(bytes_of_image("") == 0);
  CHECK(bytes_of_image("#!/bin/sh\n" + std::string(100, 'x')) == 0);
  std::string header(64, '\0');
  header.replace(0, 6,
                 std::string("\x7f"
                             "ELF\x02\x01",
                             6));
  header[32] = 64;  // e_phoff
  header[54] = 56;  // e_phentsize
  header[56] = 3;   // e_phnum
  std::string segment(56, '\0');
  segment[0] = 1;  // PT_LOAD
  segment.replace(40, 8, std::string(8, '\xff'));
  CHECK(bytes_of_image(header) == 0);
  CHECK(bytes_of_image(header + segment + segment) == ~std::uint64_t{0});
  segment.replace(40, 8, std::string("\x10\0\0\0\0\0\0\0", 8));
  CHECK(bytes_of_image(header + segment + segment) == 32);
  header.replace(32, 8, std::string(8, '\xff'));
  CHECK(bytes_of_image(header + segment) == 0);
}
