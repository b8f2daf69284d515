// A program in the warm interpreter ends as `python3 FILE` ends it: the same output, the same exit
// code.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "sandbox/sandbox.h"
#include "support/catch.h"
#include "support/test_data.h"

using namespace quorum::sandbox;

namespace {

struct Case {
  const char* what;
  const char* source;
};

const Case kCases[] = {
    {"the module's name", "print(__name__, __doc__, __spec__)"},
    {"an exception", "print('before')\nraise KeyError('x')"},
    {"a syntax error", "print('never')\nif:\n"},
    {"exit without a code", "import sys\nprint(1)\nsys.exit()"},
    {"exit with a code", "import sys\nsys.exit(300)"},
    {"exit with a negative code", "import sys\nsys.exit(-1)"},
    {"exit with a text", "import sys\nsys.exit('gone')"},
    {"exit with True", "import sys\nsys.exit(True)"},
    {"quit", "print(2)\nquit()"},
    {"exit, the builtin", "exit(4)"},
    {"the hard exit", "import os, sys\nprint('lost')\nos._exit(5)"},
    {"stdout closed, then printed to", "import os\nos.close(1)\nprint('x')"},
    {"sys.stdout closed", "import sys\nsys.stdout.close()"},
    {"exit handlers, in reverse",
     "import atexit\natexit.register(print, 'b')\natexit.register(print, 'a')\nprint('c')"},
    {"an exception in an exit handler",
     "import atexit\natexit.register(lambda: 1 / 0)\nprint('kept')"},
    {"exit handlers after an exception",
     "import atexit\natexit.register(print, 'late')\nraise ValueError"},
    {"a thread that is not joined",
     "import threading, time\ndef f():\n    time.sleep(0.1)\n    print('from the "
     "thread')\nthreading.Thread(target=f).start()"},
    {"a daemon thread",
     "import threading, time\ndef f():\n    time.sleep(30)\nthreading.Thread(target=f, "
     "daemon=True).start()\nprint('main')"},
    {"an exception in a thread",
     "import threading\nt = threading.Thread(target=lambda: 1 / "
     "0)\nt.start()\nt.join()\nprint('on')"},
    {"objects that write when they go",
     "class A:\n    def __del__(self): print('gone')\na = A()\nprint('here')"},
    {"a cycle of objects that write when they go",
     "class A:\n    def __del__(self): print('gone')\na = A()\na.me = a\nprint('here')"},
    {"a file that was not closed", "f = open(1, 'w', closefd=False)\nf.write('late')"},
    {"a replaced stdout",
     "import io, sys, os\nsys.stdout = io.StringIO()\nprint('nowhere')\nos.write(1, b'somewhere')"},
    {"an excepthook",
     "import sys\nsys.excepthook = lambda *a: print('hooked', a[0].__name__)\nraise OSError"},
    {"an excepthook that exits",
     "import sys\nsys.excepthook = lambda *a: sys.exit(0)\nprint('on')\nraise OSError"},
    {"a hard exit in an exit handler",
     "import atexit, os\natexit.register(os._exit, 0)\nprint('said')"},
    {"a hard exit in a thread that is not joined",
     "import os, threading, time\ndef leave():\n    time.sleep(0.2)\n    os._exit(0)\n"
     "threading.Thread(target=leave).start()\nprint('said')"},
    {"several objects that write when they go",
     "class A:\n    def __init__(self, name): self.name = name\n    def __del__(self): "
     "print(self.name)\nb = A('b')\n_c = A('_c')\na = A('a')\n__d = A('__d')"},
    {"memory without a file",
     "import mmap, re\nfrom mmap import mmap as M\nfor m in (mmap.mmap(-1, 5000), M(-1, 9, "
     "access=mmap.ACCESS_WRITE), M(fileno=-1, length=7, flags=mmap.MAP_SHARED)):\n    "
     "m[:3] = b'abc'\n    print(len(m), m[:4], m.find(b'c'), type(m).__name__, bytes(m).count(0))\n"
     "    m.resize(10000)\n    m.close()\nprint(mmap.mmap(0, 0, access=mmap.ACCESS_READ)[:5])"},
    {"recursion without end", "def f(): f()\nf()"},
    {"classes that pickle",
     "import pickle\nclass P: x = 3\nprint(pickle.loads(pickle.dumps(P())).x)"},
    {"dataclasses",
     "from dataclasses import dataclass\n@dataclass\nclass D:\n    x: int = 1\nprint(D())"},
    {"future annotations",
     "from __future__ import annotations\ndef f(x: Nothing): pass\nprint(f.__annotations__)"},
    {"a lone surrogate", "print('\\ud800')"},
    {"stdin in every way",
     "import sys, os\nprint(input(), sys.stdin.readline(), sys.stdin.buffer.read(), os.read(0, "
     "9))"},
    {"stdin as lines", "import sys\nfor line in sys.stdin: print(repr(line))"},
    {"stdin by its number", "print(open(0).read().split())"},
    {"interrupting oneself", "import signal\nsignal.raise_signal(signal.SIGTERM)"},
    {"warnings of the compiler", "print('a' is 'a')"},
    {"arguments and file",
     "import sys, os\nprint(len(sys.argv), os.path.basename(__file__) == "
     "os.path.basename(sys.argv[0]))"},
    {"globals are the module's",
     "x = 5\ndef f():\n    global y\n    y = x\nf()\nimport __main__\nprint(y, __main__.x, "
     "globals()['y'])"},
    {"globals whose names are no text",
     "class Odd:\n    def __eq__(self, other): raise ValueError\n    def __hash__(self): return 7\n"
     "globals()[1] = globals()[Odd()] = 2\nprint('fine')"},
    {"a trace that goes on",
     "import sys\ncount = [0]\ndef trace(*a):\n    count[0] += 1\n    return trace\nsys.settrace("
     "trace)\nprint('traced')"},
    {"a profile that goes on",
     "import sys\ncount = [0]\ndef profile(*a): count[0] += 1\nprint('profiled')\nsys."
     "setprofile(profile)"},
    {"asyncio",
     "import asyncio\nasync def f():\n    await asyncio.sleep(0.01)\n    "
     "print('async')\nasyncio.run(f())"},
};
constexpr const char* kInput = "first\nsecond line\nthird \xc3\xa9\n";

std::pair<int, std::string> run_plainly(const std::string& python, const std::string& folder) {
  const std::string command =
      "cd " + folder +
      " && env -i PATH=/usr/bin LANG=C.UTF-8 PYTHONIOENCODING=utf-8:strict PYTHONHASHSEED=0 " +
      python + " -s solution.py < input 2> /dev/null";
  FILE* pipe = popen(command.c_str(), "r");
  std::string out;
  char part[4096];
  for (std::size_t n; (n = fread(part, 1, sizeof part, pipe)) > 0;) out.append(part, n);
  const int status = pclose(pipe);
  return {WEXITSTATUS(status), out};
}

}  // namespace

TEST_CASE("a Python program ends in the sandbox as python3 ends it") {
  Options options;
  options.launcher = quorum::testing::program_path();
  options.workers = 1;
  const auto box = Sandbox::open(options);
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("quorum-likeness-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "input") << kInput;
  for (const Case& c : kCases) {
    INFO(c.what << "\n" << c.source);
    std::ofstream(folder / "solution.py") << c.source;
    const auto [code, out] = run_plainly(box->report().python, folder);
    Run run;
    run.program = std::make_shared<Program>(Program{Language::kPython, c.source});
    run.input = Input(kInput);
    const Sandbox::Result result = box->run(run);
    REQUIRE(std::holds_alternative<Outcome>(result));
    const auto& outcome = std::get<Outcome>(result);
    CHECK(outcome.out == out);
    // The shell reports a signal as 128 and its number.
    CHECK((outcome.signal != 0 ? 128 + outcome.signal : outcome.exit_code) == code);
  }
  std::filesystem::remove_all(folder);
}
