// A machine without memory: its kills are nobody's verdict.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/file.h"
#include "sandbox/cgroup.h"
#include "sandbox/locked_folder.h"
#include "support/catch.h"
#include "support/program.h"
#include "support/test_data.h"

namespace {

namespace fs = std::filesystem;
using namespace quorum;
using namespace quorum::sandbox;

// A small machine: a memory group (version 1) around everything that a test starts.
class SmallMachine {
 public:
  explicit SmallMachine(std::uint64_t bytes) {
    std::error_code none;
    const fs::path top = "/sys/fs/cgroup/memory";
    group_ = top / name_of_this_process("small");
    if (!fs::exists(top / "memory.limit_in_bytes") || mkdir(group_.c_str(), 0755) != 0) {
      group_.clear();
      std::puts("SKIPPED: no group of memory can be made here");
      return;
    }
    std::ofstream(group_ / "memory.use_hierarchy") << 1;
    std::ofstream(group_ / "memory.limit_in_bytes") << bytes;
  }
  ~SmallMachine() {
    for (int i = 0; !group_.empty() && i < 500 && rmdir(group_.c_str()) != 0; ++i) usleep(10000);
  }
  bool is_there() const { return !group_.empty(); }
  testing::ProgramResult run(const std::string& arguments) const {
    return testing::run_command({"/bin/sh", "-c",
                                 "echo $$ > " + (group_ / "cgroup.procs").string() + " && exec " +
                                     testing::program_path().string() + " " + arguments});
  }

 private:
  fs::path group_;
};

}  // namespace

TEST_CASE("what a group's counters say of kills in it") {
  const MemoryEvents before{3, 7};
  CHECK(out_of_memory(before, {3, 9}) == OutOfMemory::kNo);
  CHECK(out_of_memory(before, {4, 8}) == OutOfMemory::kAtLimit);
  CHECK(out_of_memory(before, {4, 7}) == OutOfMemory::kOfMachine);
}

TEST_CASE("a compiler that the machine kills for want of memory says nothing about the source") {
  const SmallMachine machine(std::uint64_t{80} << 20);
  if (!machine.is_there()) return;
  testing::ScratchFolder scratch;
  const fs::path file = scratch.path() / "program.cpp";
  write_file_atomic(file,
                    "#include <algorithm>\n#include <functional>\n#include <iostream>\n#include "
                    "<map>\n#include <random>\n#include <regex>\n#include <thread>\nint main() { "
                    "std::cout << std::regex_match(\"a\", std::regex(\"a\")); }\n");
  for (const std::string level : {"A", "B", "C"}) {
    const auto result = machine.run("exec " + file.string() + " --json --sandbox-level " + level);
    INFO(level << ": " << result.out << result.err);
    if (result.err.find("level " + level + ":") != std::string::npos) {
      std::puts(("SKIPPED: level " + level + " does not hold here").c_str());
      continue;
    }
    CHECK(result.out.empty());
    CHECK(result.exit_code != 0);
    CHECK(result.err.find("out of memory") != std::string::npos);
  }
}
