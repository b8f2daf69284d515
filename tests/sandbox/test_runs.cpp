// Programs in the real sandbox, at the strongest level that this machine allows.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>

#include "base/error.h"
#include "sandbox/open_box.h"
#include "support/catch.h"
#include "support/test_data.h"

using namespace quorum::sandbox;
using namespace quorum::testing;
using namespace std::chrono_literals;

namespace {

Outcome python(const std::string& source, std::string_view input = "") {
  return outcome_of(make_run(source, Language::kPython, input));
}

}  // namespace

TEST_CASE("a program reads its input and writes its output, byte for byte") {
  std::string bytes;
  for (int round = 0; round < 4000; ++round)
    for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  const Outcome outcome =
      python("import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read())", bytes);
  CHECK(outcome.ending == Ending::kExited);
  CHECK(outcome.out == bytes);
  CHECK(outcome.err.empty());
}

TEST_CASE("one input serves many runs, each from its beginning") {
  const Input input("7\n8\n");
  for (int i = 0; i < 3; ++i) {
    Run run = make_run("print(int(input()) * 6)");
    run.input = input;
    CHECK(outcome_of(run).out == "42\n");
  }
}

TEST_CASE("limits end a program, and say which") {
  Run run = make_run("while True: pass");
  run.limits.cpu = run.limits.wall = 100ms;
  CHECK(outcome_of(run).ending == Ending::kTimeLimit);
  run = make_run("import time\ntime.sleep(60)");
  run.limits.cpu = run.limits.wall = 100ms;
  const Outcome asleep = outcome_of(run);
  CHECK(asleep.ending == Ending::kTimeLimit);
  CHECK(asleep.cpu < 50ms);
  run = make_run("while True: print('x' * 1000)");
  run.limits.output_bytes = 5000;
  const Outcome flood = outcome_of(run);
  CHECK(flood.ending == Ending::kOutputLimit);
  CHECK(flood.out.size() == 5000);
  run = make_run("x = bytearray(1 << 30)");
  run.limits.memory_bytes = 256 << 20;
  const Outcome hungry = outcome_of(run);
  CHECK(hungry.ending == Ending::kMemoryLimit);
  CHECK(hungry.detail == "MemoryError");
}

TEST_CASE("exactly as much output as allowed is no limit passed") {
  Run run = make_run("print('x' * 99)");
  run.limits.output_bytes = 100;
  CHECK(outcome_of(run).ending == Ending::kExited);
  run.limits.output_bytes = 99;
  CHECK(outcome_of(run).ending == Ending::kOutputLimit);
}

TEST_CASE("a program that prints too much is told apart even when it ignores the signal") {
  Run run = make_run(
      "import os, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
      "while True:\n    try:\n        os.write(1, b'x' * 4096)\n    except OSError:\n        "
      "pass\n");
  run.limits.output_bytes = 10000;
  run.limits.cpu = run.limits.wall = 300ms;
  CHECK(outcome_of(run).ending == Ending::kOutputLimit);
}

TEST_CASE("exit codes and signals are reported") {
  CHECK(python("import sys\nsys.exit(7)").exit_code == 7);
  const Outcome aborted = python("import os\nos.abort()");
  CHECK(aborted.ending == Ending::kRuntimeError);
  CHECK(aborted.signal == SIGABRT);
  const Outcome raised = python("raise ValueError('no')");
  CHECK(raised.ending == Ending::kRuntimeError);
  CHECK(raised.detail == "ValueError: no");
}

TEST_CASE("nothing of a run is there in the next") {
  const std::string leave =
      "import builtins, os, sys, random\nbuiltins.left = 1\nsys.modules['left'] = sys\n"
      "try:\n    open('/tmp/left', 'w').write('x')\nexcept OSError:\n    pass\nos.environ['LEFT'] "
      "= '1'\n";
  const std::string look =
      "import builtins, os, sys\nprint(hasattr(builtins, 'left'), 'left' in sys.modules, "
      "os.path.exists('/tmp/left'), "
      "'LEFT' in os.environ)";
  for (int i = 0; i < 4; ++i) {  // more than there are workers
    Run first = make_run(leave), second = make_run(look);
    first.limits.scratch_bytes = second.limits.scratch_bytes = 1 << 20;
    CHECK(outcome_of(first).ending == Ending::kExited);
    CHECK(outcome_of(second).out == "False False False False\n");
  }
}

TEST_CASE("hashes of strings are the same in every run, random numbers are not") {
  const std::string hash = python("print(hash('quorum'))").out;
  CHECK(python("print(hash('quorum'))").out == hash);
  std::set<std::string> numbers;
  for (int i = 0; i < 4; ++i) numbers.insert(python("import random\nprint(random.random())").out);
  CHECK(numbers.size() == 4);
  numbers.clear();
  for (int i = 0; i < 4; ++i)
    numbers.insert(python("import tempfile, sys\nprint(next(tempfile._get_candidate_names()))\n"
                          "print(sys.modules['ran' + 'dom'].random())")
                       .out);
  CHECK(numbers.size() == 4);
  numbers.clear();
  for (int i = 0; i < 4; ++i)
    numbers.insert(python("print(__import__('ran' + 'dom').random())").out);
  CHECK(numbers.size() == 4);
}

TEST_CASE("numpy is there for programs that import it, with random numbers of their own") {
  if (box().report().numpy_version.empty()) return;
  CHECK(python("import numpy as np\nprint((np.arange(3) * 2).tolist())").out == "[0, 2, 4]\n");
  const std::string source = "import numpy as np\nprint(np.random.rand())";
  std::set<std::string> seen;
  for (int i = 0; i < 4; ++i) seen.insert(python(source).out);
  CHECK(seen.size() == 4);
  seen.clear();
  for (int i = 0; i < 4; ++i)
    seen.insert(python("import numpy as np\nprint(getattr(np, 'ran' + 'dom').rand())").out);
  CHECK(seen.size() == 4);
}

TEST_CASE("a traceback shows the program's own lines only") {
  const std::string err = python("def f():\n    raise ValueError('no')\nf()").err;
  CHECK(err.find("line 2, in f") != std::string::npos);
  CHECK(err.find("execute") == std::string::npos);
  CHECK(err.find("<string>") == std::string::npos);
}

TEST_CASE("a scratch is as large as asked, and is counted in files too") {
  if (box().report().level > Level::kB) return;
  Run run = make_run(
      "import errno\n"
      "try:\n    for i in range(100000): open(f'/tmp/{i}', 'w').close()\nexcept OSError as e: "
      "print(errno.errorcode[e.errno])\n"
      "try:\n    for i in range(100):\n        with open(f'/tmp/{i}', 'wb') as f: f.write(bytes(1 "
      "<< 20))\n"
      "except OSError as e: print(errno.errorcode[e.errno])");
  run.limits.scratch_bytes = 4 << 20;
  CHECK(outcome_of(run).out == "ENOSPC\nENOSPC\n");
  run.limits.scratch_bytes = 0;
  run.program = std::make_shared<Program>(Program{Language::kPython, "open('/tmp/x', 'w')"});
  CHECK(outcome_of(run).ending == Ending::kRuntimeError);
}

TEST_CASE("C++ is compiled once and run many times") {
  if (box().report().compiler.empty() || box().report().level == Level::kD) return;
  const std::string source =
      "#include <iostream>\n#include <thread>\nint main() { long n; std::cin >> n; std::thread "
      "t([&] { n *= 2; }); t.join(); "
      "std::cout << n << \"\\n\"; return n == 8 ? 3 : 0; }";
  CHECK(outcome_of(make_run(source, Language::kCpp, "21")).out == "42\n");
  CHECK(outcome_of(make_run(source, Language::kCpp, "4")).exit_code == 3);
  const Outcome deep =
      outcome_of(make_run("#include <cstdio>\nint f(volatile int n) { volatile char b[64] = {}; "
                          "return n == 0 ? b[0] : f(n - 1) + b[1]; }\n"
                          "int main() { std::printf(\"%d\\n\", f(1000000)); }",
                          Language::kCpp));
  CHECK(deep.out == "0\n");
}

TEST_CASE("C++ that does not compile, or reads the machine's files, is a compile error") {
  if (box().report().compiler.empty() || box().report().level == Level::kD) return;
  for (const char* source : {"int main() { return x; }", "#include \"/etc/passwd\"\nint main() {}",
                             "", "asm(\".incbin \\\"/etc/passwd\\\"\");\nint main() {}"}) {
    INFO(source);
    const Outcome outcome = outcome_of(make_run(source, Language::kCpp));
    CHECK(outcome.ending == Ending::kCompileError);
    CHECK_FALSE(outcome.detail.empty());
    CHECK(outcome.err.find("root:") == std::string::npos);
  }
}

TEST_CASE("what a source says about the compiler does not make its failure the machine's") {
  if (box().report().compiler.empty() || box().report().level == Level::kD) return;
  for (const char* source :
       {"#error vfork: Resource temporarily unavailable\n",
        "int Killed_signal_terminated_program = x;",
        "#line 1 \"g++: fatal error: Killed signal terminated program cc1plus\"\nint y = x;"}) {
    INFO(source);
    CHECK(outcome_of(make_run(source, Language::kCpp)).ending == Ending::kCompileError);
  }
  // The driver's own words, put there by the source: the compiler is asked whether it still works.
  CHECK(outcome_of(make_run("static_assert(sizeof(int) == 1, \"x\\ng++: fatal error: Killed signal "
                            "terminated program cc1plus\");",
                            Language::kCpp))
            .ending == Ending::kCompileError);
  CHECK(
      outcome_of(make_run("#line 1 \"g++: fatal error: x\"\nint f() { return x; }", Language::kCpp))
          .ending == Ending::kCompileError);
  // A program that the kernel cannot start.
  CHECK(outcome_of(make_run("asm(\".section .interp,\\\"a\\\"\\n.string "
                            "\\\"/bin/none\\\"\\n.text\");\nint main() {}",
                            Language::kCpp))
            .ending == Ending::kRuntimeError);
}

TEST_CASE("a program's environment says nothing of how its interpreter was started") {
  CHECK(python("import os\nprint(sorted(n for n in os.environ if n.startswith('LD_')))").out ==
        "[]\n");
}

TEST_CASE("a run finds its memory with far fewer page faults than a new interpreter") {
  if (box().report().level > Level::kB) return;  // it reads its own /proc
  const std::string program = "print(open('/proc/self/stat').read().rpartition(')')[2].split()[7])";
  const std::string command = box().report().python + " -s -c \"" + program + "\"";
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  int fresh = 0;
  CHECK(fscanf(pipe, "%d", &fresh) == 1);
  pclose(pipe);
  const int forked = std::stoi(python(program).out);
  INFO(forked << " and " << fresh);
  CHECK(forked > 0);
  CHECK(forked < fresh * 3 / 10);
}

TEST_CASE("the standard streams have their usual names where there is /proc") {
  if (box().report().level > Level::kB) return;
  CHECK(python("print(open('/dev/stdin').read() + open('/dev/fd/0').read(), "
               "flush=True)\nopen('/dev/stdout', 'a').write('x')",
               "ab")
            .out == "abab\nx");
}

TEST_CASE("nothing in the folder that the sandbox is opened in is run outside of it") {
  const auto folder =
      std::filesystem::temp_directory_path() / ("quorum-cwd-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  const std::string trap = "open('" + (folder / "sprung").string() + "', 'w')\n";
  for (const char* name : {"json.py", "random.py", "decimal.py", "sysconfig.py", "ctypes.py",
                           "os.py", "site.py", "sitecustomize.py", "usercustomize.py", "struct.py"})
    std::ofstream(folder / name) << trap;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder);
  Options options;
  options.launcher = quorum::testing::program_path();
  options.workers = 1;
  {
    const auto here = Sandbox::open(options);
    CHECK(std::get<Outcome>(here->run(make_run("import json, random\nprint(1)"))).out == "1\n");
  }
  std::filesystem::current_path(before);
  CHECK_FALSE(std::filesystem::exists(folder / "sprung"));
  std::filesystem::remove_all(folder);
}

TEST_CASE("a handler and a program talk over descriptor 3") {
  class Doubler : public ChannelHandler {
   public:
    void on_start() override { heard.clear(); }
    std::optional<std::string> on_bytes(std::string_view bytes) override {
      heard += bytes;
      if (heard.find("stop") != heard.npos) return std::nullopt;
      return std::string(bytes) + std::string(bytes);
    }
    std::string heard;
  };
  const auto handler = std::make_shared<Doubler>();
  const Sandbox::Result talked = box().run(
      make_run("import os\nos.write(3, b'ab')\nprint(os.read(3, 100))\nos.write(3, b'bye')"),
      handler);
  CHECK(std::get<Outcome>(talked).out == "b'abab'\n");
  CHECK(std::get<Outcome>(talked).ending == Ending::kExited);
  CHECK(handler->heard == "abbye");
  const Sandbox::Result stopped =
      box().run(make_run("import os, time\nos.write(3, b'stop')\ntime.sleep(60)"), handler);
  CHECK(std::get<Outcome>(stopped).stopped);
  CHECK(std::get<Outcome>(stopped).wall < 4s);
}

TEST_CASE("a program that asks and does not read is not heard any more until it reads") {
  class Generous : public ChannelHandler {
   public:
    void on_start() override { heard = 0; }
    std::optional<std::string> on_bytes(std::string_view bytes) override {
      heard += bytes.size();
      return std::string(bytes.size() * 100, 'x');
    }
    std::size_t heard = 0;
  };
  const auto handler = std::make_shared<Generous>();
  const Sandbox::Result deaf = box().run(
      make_run(
          "import os, time\nos.set_blocking(3, False)\nend = time.time() + 1\nwhile time.time() "
          "< end:\n    try:\n        os.write(3, bytes(1000))\n    except BlockingIOError:\n     "
          "   time.sleep(0.01)"),
      handler);
  CHECK(std::get<Outcome>(deaf).ending == Ending::kExited);
  CHECK(handler->heard < (4u << 20));
  const Sandbox::Result late = box().run(
      make_run(
          "import os, threading\ndef ask():\n    for i in range(1000): os.write(3, bytes(1000))\n"
          "threading.Thread(target=ask).start()\nleft = 100 * 1000 * 1000\nwhile left: left -= "
          "len(os.read(3, 1 << 20))\nprint('all')"),
      handler);
  CHECK(std::get<Outcome>(late).out == "all\n");
}

TEST_CASE("many runs from many threads all come back, each with its own output") {
  std::atomic<int> right{0};
  std::mutex mutex;
  std::condition_variable changed;
  int back = 0;
  constexpr int kRuns = 300;
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      for (int i = t; i < kRuns; i += 3)
        box().submit(make_run("print(" + std::to_string(i) + ")"), [&, i](Sandbox::Result result) {
          const auto* outcome = std::get_if<Outcome>(&result);
          if (outcome && outcome->out == std::to_string(i) + "\n") ++right;
          const std::lock_guard lock(mutex);
          ++back;
          changed.notify_one();
        });
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::unique_lock lock(mutex);
  CHECK(changed.wait_for(lock, 60s, [&] { return back == kRuns; }));
  CHECK(right == kRuns);
}

TEST_CASE("no more programs run at once than there are workers") {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::pair<double, int>> events;  // a program begins (1) or ends (-1)
  constexpr std::size_t kRuns = 12;
  for (std::size_t i = 0; i < kRuns; ++i)
    box().submit(make_run("import time\nbegin = time.monotonic()\ntime.sleep(0.05)\n"
                          "print(begin, time.monotonic(), " +
                          std::to_string(i) + ")"),
                 [&](Sandbox::Result result) {
                   const auto* outcome = std::get_if<Outcome>(&result);
                   double begin = 0, end = 0;
                   if (outcome) std::istringstream(outcome->out) >> begin >> end;
                   const std::lock_guard lock(mutex);
                   events.emplace_back(begin, 1);
                   events.emplace_back(end, -1);
                   changed.notify_one();
                 });
  std::unique_lock lock(mutex);
  REQUIRE(changed.wait_for(lock, 60s, [&] { return events.size() == 2 * kRuns; }));
  std::sort(events.begin(), events.end());
  CHECK(events.front().first > 0);
  int now = 0, most = 0;
  for (const auto& [time, change] : events) most = std::max(most, now += change);
  CHECK(most == kBoxWorkers);
}

TEST_CASE("limits that make no sense are refused before anything runs") {
  Run run = make_run("print(1)");
  run.limits.memory_bytes = 1000;
  CHECK_THROWS_AS(box().run(run), quorum::Error);
  run = make_run("print(1)");
  run.limits.wall = 0s;
  CHECK_THROWS_AS(box().run(run), quorum::Error);
}
