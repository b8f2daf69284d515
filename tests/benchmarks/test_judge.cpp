#include <atomic>
#include <chrono>
#include <iostream>

#include "base/error.h"
#include "benchmarks/livecodebench/code_grader.h"
#include "benchmarks/livecodebench/judge.h"
#include "benchmarks/livecodebench/known_bad.h"
#include "benchmarks/registry.h"
#include "support/catch.h"
#include "support/test_data.h"

namespace quorum::code {
namespace {

class SandboxRunner : public ProgramRunner {
 public:
  explicit SandboxRunner(std::unique_ptr<sandbox::Sandbox> opened) : sandbox_(std::move(opened)) {}
  sandbox::Sandbox::Result run(sandbox::Run run,
                               std::shared_ptr<sandbox::ChannelHandler> channel) override {
    ++runs;
    return channel ? sandbox_->run(std::move(run), std::move(channel))
                   : sandbox_->run(std::move(run));
  }
  std::atomic<int> runs{0};

 private:
  std::unique_ptr<sandbox::Sandbox> sandbox_;
};

// One sandbox for all tests of this program; null where the machine has no level.
std::shared_ptr<SandboxRunner> runner() {
  static const std::shared_ptr<SandboxRunner> kRunner = []() -> std::shared_ptr<SandboxRunner> {
    sandbox::Options options;
    options.launcher = testing::program_path().string();
    try {
      return std::make_shared<SandboxRunner>(sandbox::Sandbox::open(options));
    } catch (const Error& error) {
      std::cout << "SKIPPED: " << error.what() << "\n";
      return nullptr;
    }
  }();
  return kRunner;
}

TestSuite sums() {
  TestSuite suite;
  suite.tests = {{"3\n1 2 3\n", "6\n"}, {"2\n5 6\n", "11"}};
  return suite;
}

TestSuite additions() {
  TestSuite suite;
  suite.function = "f";
  suite.tests = {{"1\n2", "3"}, {"5\n6", "11"}};
  return suite;
}

// "AC 0", "WA 1", … : the verdict and, where there is one, the official code.
std::string says(Mode mode, const TestSuite& suite, const std::string& program,
                 const JudgeLimits& limits = {}) {
  const JudgeResult result =
      judge(*runner(), mode, suite, {sandbox::Language::kPython, program}, limits);
  if (const auto* failure = std::get_if<sandbox::InfraFailure>(&result))
    return "INFRA " + failure->what;
  const Judgement& judgement = std::get<Judgement>(result);
  std::string out = verdict_code(judgement.verdict);
  if (judgement.verdict != ProgramVerdict::kAccepted)
    out += "@" + std::to_string(judgement.test + 1);
  if (mode == Mode::kLcbOfficial && judgement.official != 0)
    out += " " + std::to_string(judgement.official);
  return out;
}

struct Case {
  const char* program;
  const char* process;
  const char* official;  // as the official checker said of the same program
};

const std::string kSum = "n = int(input())\nprint(sum(map(int, input().split())))\n";

constexpr Case kPrinting[] = {
    {"n=int(input())\nprint(sum(map(int,input().split())))", "AC", "AC"},
    {"def main():\n    n=int(input())\n    print(sum(map(int,input().split())))\n"
     "if __name__=='__main__':\n    main()",
     "AC", "AC"},
    {"def main():\n    n=int(input())\n    print(sum(map(int,input().split())))\n"
     "if __name__=='__main__':\n    main()\nx=1",
     "AC", "WA@1 -2"},
    {"import sys\nd=sys.stdin.buffer.read().split()\nprint(sum(map(int,d[1:])))", "AC", "AC"},
    {"import sys\nr=sys.stdin.buffer.readline\nn=int(r())\nprint(sum(map(int,r().split())))", "AC",
     "WA@1 -2"},
    {"import sys\nd=sys.stdin.buffer.readlines()\nprint(sum(map(int,d[1].split())))", "AC",
     "RE@1 -4"},
    {"import sys\nL=[l for l in sys.stdin]\nprint(sum(map(int,L[1].split())))", "AC", "RE@1 -4"},
    {"from sys import "
     "stdin\nn=int(stdin.readline())\nprint(sum(map(int,stdin.readline().split())))",
     "AC", "AC"},
    {"from sys import stdin\nd=stdin.buffer.read().split()\nprint(sum(map(int,d[1:])))", "AC",
     "WA@1 -2"},
    {"d=open(0).read().split()\nprint(sum(map(int,d[1:])))", "AC", "WA@1 -2"},
    {"import sys\nn=int(input())\nd=sys.stdin.read().split()\nprint(sum(map(int,d)))", "AC",
     "WA@1 -2"},
    {"import "
     "sys\nn=int(input())\nsys.stdout.buffer.write(str(sum(map(int,input().split()))).encode())",
     "AC", "RE@1 -4"},
    {"from sys import stdout\nn=int(input())\nstdout.write(str(sum(map(int,input().split()))))",
     "AC", "WA@1 -2"},
    {"import threading\ndef main():\n    n=int(input())\n    s=sum(map(int,input().split()))\n"
     "    for i in range(3000000): pass\n    print(s)\nthreading.Thread(target=main).start()",
     "AC", "WA@1 -2"},
    {"x=0\ndef f():\n    global x\n    "
     "x+=1\nn=int(input())\nf()\nprint(sum(map(int,input().split())))",
     "AC", "RE@1 -4"},
    {"from __future__ import annotations\nn=int(input())\nprint(sum(map(int,input().split())))",
     "AC", "RE@1 -4"},
    {"import sys\nn=int(input())\nprint(sum(map(int,input().split())))\nsys.exit(1)", "RE@1", "AC"},
    {"n=int(input())\nprint(sum(map(int,input().split())))\nquit()", "AC", "RE@1 -4"},
    {"import os\nn=int(input())\nprint(sum(map(int,input().split())), flush=True)\nos._exit(0)",
     "AC", "RE@1 -5"},
    {"n=int(input())\nprint(sum(map(int,input().split())))\nreturn", "RE@1", "AC"},
    {"n=int(input()", "RE@1", "RE@1 -4"},
    {"n=int(input())\nd=deque(map(int,input().split()))\nprint(sum(d))", "RE@1", "AC"},
    {"n=int(input())\nprint(float(sum(map(int,input().split()))))", "AC", "AC"},
    {"print('snan')", "WA@1", "WA@1 -4"},
    {"n=int(input())\nprint(6)", "WA@2", "WA@2 -2"},
    {"class Solution:\n    def f(self): return "
     "1\nn=int(input())\nprint(sum(map(int,input().split())))",
     "AC", "RE@1 -4"},
    {"import builtins\nbuiltins.c=getattr(builtins,'c',0)+1\nn=int(input())\n"
     "print(sum(map(int,input().split()))+builtins.c-1)",
     "AC", "WA@2 -2"},
    {"raise KeyboardInterrupt", "RE@1", "RE@1 -5"},
    {"import sys\nL=[]\ntry:\n    while True: L.append(input())\nexcept EOFError: pass\n"
     "print(sum(map(int,L[1].split())))",
     "AC", "AC"},
    {"n=int(input())\nprint(sum(map(int,input().split())) if __name__=='tmp_sol' else 0)", "WA@1",
     "AC"},
    {"import ctypes\nctypes.string_at(0)", "RE@1", "RE@1 -5"},
    {"n=int(input())\nprint(10**60000)", "RE@1", "RE@1 -4"},
    // A record of its own is an answer like any other: it has to be right, and counts once.
    {"import os\nos.write(3, b'\\x02\\x00\\x00\\x00o6')\nn=int(input())\nprint(1)", "RE@1",
     "WA@2 -2"},
};

constexpr Case kFunctions[] = {
    {"class Solution:\n    def f(self,a,b): return a+b", "AC", "AC"},
    {"def f(a,b): return a+b", "AC", "AC"},
    {"class Solution:\n    def f(self,a:int,b:int)->int:\n        x:List[int]=[a,b]\n        "
     "return sum(x)",
     "AC", "AC"},
    {"class Solution:\n    def f(self,a,b): return float(a+b)", "AC", "AC"},
    {"class Solution:\n    def g(self,a,b): return a+b", "RE@1", "RE@1 -4"},
    {"class Solution:\n    def f(self,a,b): return a/0", "RE@1", "RE@1 -4"},
    {"class Solution:\n    def f(self,a,b):\n        import sys\n        sys.exit(0)", "WA@1",
     "RE@1 -5"},
    {"class Solution:\n    m=[]\n    def f(self,a,b):\n        self.m.append(1)\n"
     "        return a+b+len(self.m)-1",
     "AC", "WA@2 -2"},
    {"class Solution:\n    def f(self,a,b):\n        print('x'*100)\n        return a+b", "AC",
     "AC"},
    {"class Solution:\n    def f(self,a,b): return 3", "WA@2", "WA@2 -2"},
    {"from __future__ import annotations\nclass Solution:\n    def f(self,a,b): return a+b", "AC",
     "RE@1 -4"},
    {"class Solution:\n    def f(self,a,b): return (a+b,)", "WA@1", "WA@1 -2"},
    {"class Solution:\n    def f(self,a,b): pass", "WA@1", "WA@1 -2"},
    // The official checker lets this pass: a deviation on purpose.
    {"class E:\n    def __eq__(self,o): return True\nclass Solution:\n    def f(self,a,b): return "
     "E()",
     "WA@1", "WA@1 -2"},
    {"class Solution:\n    def f(self,a,b):\n        import sys\n        f=sys._getframe()\n"
     "        while f:\n            for v in f.f_locals.values():\n"
     "                if v == '3' or v == '11': return v\n            f=f.f_back\n        return "
     "a*b*0",
     "WA@1", "WA@1 -2"},
};

}  // namespace

TEST_CASE("Programs that print get each mode's verdict") {
  if (runner() == nullptr) return;
  for (const Case& one : kPrinting) {
    INFO(one.program);
    CHECK(says(Mode::kProcess, sums(), one.program) == one.process);
    CHECK(says(Mode::kLcbOfficial, sums(), one.program) == one.official);
  }
}

TEST_CASE("Functions get each mode's verdict") {
  if (runner() == nullptr) return;
  for (const Case& one : kFunctions) {
    INFO(one.program);
    CHECK(says(Mode::kProcess, additions(), one.program) == one.process);
    CHECK(says(Mode::kLcbOfficial, additions(), one.program) == one.official);
  }
}

TEST_CASE("A test that takes too long is told from one that prints too much") {
  if (runner() == nullptr) return;
  JudgeLimits limits;
  limits.seconds = 1;
  limits.output_bytes = 1 << 16;
  for (const char* program : {"while True: pass", "import time\ntime.sleep(9)"}) {
    INFO(program);
    CHECK(says(Mode::kProcess, sums(), program, limits) == "TLE@1");
    CHECK(says(Mode::kLcbOfficial, sums(), program, limits) == "TLE@1 -3");
  }
  CHECK(says(Mode::kProcess, sums(), "print('x' * 100000)", limits) == "OLE@1");
  CHECK(says(Mode::kLcbOfficial, sums(), "print('x' * 100000)", limits) == "OLE@1 -2");
  CHECK(says(Mode::kProcess, additions(), "def f(a, b): return 'x' * 100000", limits) == "OLE@1");
  CHECK(says(Mode::kProcess, sums(), "x = bytearray(1 << 40)", limits) == "MLE@1");
  // What swallows the alarm has printed the alarm's words.
  CHECK(says(Mode::kLcbOfficial, sums(),
             "import time\ntry:\n    time.sleep(9)\nexcept Exception:\n    pass\n" + kSum,
             limits) == "WA@1 -2");
}

TEST_CASE("A grade names both modes, and what was judged is not run again") {
  if (runner() == nullptr) return;
  CodeGraderOptions options;
  options.runner = runner();
  options.only_tests = true;
  const auto grader = make_code_grader({}, options);
  CHECK(grader->version() == "code-2+process,lcb-official");
  Query query;
  query.id = "q";
  query.grader = GraderKind::kTests;
  query.tests_json =
      R"({"inputs":["3\n1 2 3\n","2\n5 6\n"],"outputs":["6","11"],"known_bad":"an example"})";
  const auto grade = [&](const std::string& text, bool truncated = false) {
    return grader->grade(query, {text, false, truncated});
  };
  const Grade right = grade("Text.\n```python\n" + kSum + "```\n");
  CHECK(right.verdict == Verdict::kCorrect);
  CHECK(right.reason == "process:AC lcb-official:AC known-bad");
  CHECK(right.warning == "known bad: an example");
  const int runs = runner()->runs;
  CHECK(grade("Other words.\n```py\n" + kSum + "```\n").reason == right.reason);
  CHECK(runner()->runs == runs);
  const Grade differs =
      grade("```\nimport sys\nL = list(sys.stdin)\nprint(sum(map(int, L[1].split())))\n```");
  CHECK(differs.verdict == Verdict::kCorrect);
  CHECK(differs.reason == "process:AC lcb-official:RE@1/2 known-bad");
  CHECK(verdict_in_reason(differs.reason, Mode::kLcbOfficial) == ProgramVerdict::kRuntimeError);
  const Grade wrong = grade("```\nn = input()\nprint(6)\n```");
  CHECK(wrong.verdict == Verdict::kIncorrect);
  CHECK(wrong.reason == "process:WA@2/2 lcb-official:WA@2/2 known-bad");
  CHECK(wrong.warning.find("line 1: \"6\" instead of \"11\"") != std::string::npos);
  const Grade none = grade("I do not know.");
  CHECK(none.verdict == Verdict::kNoAnswer);
  CHECK(none.reason == "process:no_code lcb-official:no_code known-bad");
  CHECK(grade("```\nprint(1", true).reason == "process:truncated lcb-official:no_code known-bad");
}

TEST_CASE("C++ is compiled, judged by process alone, and judged once") {
  if (runner() == nullptr) return;
  CodeGraderOptions options;
  options.runner = runner();
  Query query;
  query.id = "q";
  query.grader = GraderKind::kTests;
  const auto grade = [&](const char* language, const std::string& text, const char* more = "") {
    query.tests_json = std::string(R"({"inputs":["1 2","5 6"],"outputs":["3","11"],"language":")") +
                       language + "\"" + more + "}";
    return make_code_grader({}, options)->grade(query, {text, false, false});
  };
  const std::string sum =
      "```cpp\n#include <iostream>\nint main() {\n  int a, b;\n  std::cin >> a >> b;\n"
      "  std::cout << a + b;\n}\n```\n";
  CHECK(grade("cpp", sum + "Compile it:\n```bash\ng++ sum.cpp\n```").reason == "process:AC");
  CHECK(grade("any", sum).reason == "process:AC");
  CHECK(grade("any", "```python\nprint(sum(map(int, input().split())))\n```").reason ==
        "process:AC lcb-official:AC");
  CHECK(grade("python", sum).reason.find("process:RE@1/2 lcb-official:RE") == 0);
  CHECK(grade("cpp", "none").reason == "process:no_code");
  const Grade refused = grade("cpp", "```cpp\nint main( {\n```");
  CHECK(refused.reason == "process:CE@1/2");
  CHECK(refused.verdict == Verdict::kIncorrect);
  CHECK(refused.warning.find("error") != std::string::npos);
  CHECK(grade("cpp", "```cpp\nint main() { for (;;); }\n```", R"(,"seconds":1)").reason ==
        "process:TLE@1/2");

  query.tests_json = R"({"inputs":["1 2"],"outputs":["3"],"language":"any"})";
  const auto grader = make_code_grader({}, options);
  CHECK(grader->grade(query, {sum, false, false}).reason == "process:AC");
  const int runs = runner()->runs;
  CHECK(grader->grade(query, {"Again.\n" + sum, false, false}).reason == "process:AC");
  CHECK(runner()->runs == runs);
  // The same text in the other language is another program.
  CHECK(grader->grade(query, {"```py" + sum.substr(6), false, false}).reason.find("RE") !=
        std::string::npos);

  options.modes = {Mode::kLcbOfficial};
  try {
    grade("any", sum);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::kUsage);
  }
}

TEST_CASE("A failure of the sandbox is an error and no verdict") {
  struct Broken : ProgramRunner {
    sandbox::Sandbox::Result run(sandbox::Run, std::shared_ptr<sandbox::ChannelHandler>) override {
      return sandbox::InfraFailure{"no memory for a process"};
    }
  };
  CodeGraderOptions options;
  options.runner = std::make_shared<Broken>();
  Query query;
  query.id = "q";
  query.grader = GraderKind::kTests;
  query.tests_json = R"([{"input":"","output":"1"}])";
  for (const char* mode : {"process", "lcb-official"}) {
    options.modes = parse_modes(mode).take();
    try {
      make_code_grader({}, options)->grade(query, {"```\nprint(1)\n```", false, false});
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::kEnvironment);
      CHECK(error.because() == "no memory for a process");
    }
  }
}

TEST_CASE("A flood of empty records is read as fast as it comes") {
  struct Flood : ProgramRunner {
    sandbox::Sandbox::Result run(sandbox::Run,
                                 std::shared_ptr<sandbox::ChannelHandler> channel) override {
      channel->on_start();
      const auto start = std::chrono::steady_clock::now();
      for (int i = 0; i < 4; ++i) channel->on_bytes(std::string(std::size_t{1} << 20, '\0'));
      spent = std::chrono::steady_clock::now() - start;
      return sandbox::Outcome{};
    }
    std::chrono::nanoseconds spent{0};
  } runner;
  judge(runner, Mode::kProcess, additions(), {sandbox::Language::kPython, "def f(a, b): pass"});
  CHECK(runner.spent < std::chrono::seconds(2));
}

TEST_CASE("A function may not send more values than its test is about") {
  if (runner() == nullptr) return;
  for (const char* claim :
       {"b'[4000000:' + b'N' * 4000000", "b'[4000000:' * 150 + b'N' * 4000000"}) {
    const std::string program = std::string("import os\ndef f(a, b):\n    wire = ") + claim +
                                "\n    rest = (len(wire) + 1).to_bytes(4, 'little') + b'v' + wire\n"
                                "    while rest: rest = rest[os.write(3, rest):]\n    os._exit(0)";
    INFO(program);
    CHECK(says(Mode::kProcess, additions(), program) == "WA@1");
    CHECK(says(Mode::kLcbOfficial, additions(), program) == "WA@1 -2");
  }
  TestSuite large = additions();
  large.tests = {{"1\n2", "[" + [] {
                    std::string zeros = "0";
                    for (int i = 1; i < 100000; ++i) zeros += ",0";
                    return zeros;
                  }() + "]"}};
  CHECK(says(Mode::kProcess, large, "def f(a, b): return [0] * 100000") == "AC");
}

TEST_CASE("Modes are named, each once") {
  CHECK(modes_text(parse_modes("lcb-official,process").take()) == "lcb-official,process");
  for (const char* bad : {"", "fast", "process,process", "process,"}) {
    INFO(bad);
    CHECK(!parse_modes(bad).ok());
  }
}

}  // namespace quorum::code
