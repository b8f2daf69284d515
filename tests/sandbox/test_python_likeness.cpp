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

constexpr const char* kInput = "first\nsecond line\nthird \xc3\xa9\n";

struct Case {
  const char* what;
  const char* source;
  const char* input = kInput;
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
    {"a fast output that a later flush finds without its globals",
     "import os, sys\nfrom io import BytesIO, IOBase\nclass Fast(IOBase):\n    def __init__(self, "
     "file):\n        self.fd, self.data = file.fileno(), BytesIO()\n        self.write = "
     "lambda s: self.data.write(s.encode())\n    def flush(self):\n        os.write(self.fd, "
     "self.data.getvalue())\n        self.data = BytesIO()\nsys.stdout = "
     "Fast(sys.stdout)\nprint('kept')"},
    {"an exit handler that writes to the first stdout",
     "import atexit, io, sys\nsys.stdout = io.StringIO()\nprint('kept')\natexit.register(lambda: "
     "sys.__stdout__.write(sys.stdout.getvalue()))"},
    {"a stdout that only writes",
     "import sys\nclass B:\n    def __init__(self): self.all = []\n    def write(self, s): "
     "self.all.append(s)\n    def flush(self): pass\n    def __del__(self): "
     "sys.__stdout__.write(''.join(self.all))\nsys.stdout = B()\nprint('via', 'del')"},
    {"a stdout whose flush fails",
     "import sys\nclass B:\n    def write(self, s): sys.__stdout__.write(s)\n    def flush(self): "
     "raise ValueError\nsys.stdout = B()\nprint('x')"},
    {"a stdout without flush",
     "import sys\nclass B:\n    def write(self, s): sys.__stdout__.write(s)\nsys.stdout = "
     "B()\nprint('x')"},
    {"a stderr that was closed", "import sys\nsys.stderr.close()\nprint(1)"},
    {"no stdout", "import sys\ndel sys.stdout\nsys.__stdout__.write('x')"},
    {"an excepthook that exits",
     "import sys\ndef h(*a):\n    print('hooked')\n    sys.exit(0)\nsys.excepthook = h\n1 / 0"},
    {"an excepthook that exits with a code",
     "import sys\nsys.excepthook = lambda *a: sys.exit(9)\n1 / 0"},
    {"an excepthook that fails",
     "import sys\nsys.excepthook = lambda *a: open('none')\nprint(1)\n1 / 0"},
    {"no excepthook", "import sys\ndel sys.excepthook\nprint(1)\n1 / 0"},
    {"the order in which objects go, and what they see",
     "K = 7\nclass A:\n    def __init__(self, n): self.n = n\n    def __del__(self): "
     "print(self.n, K, len(d))\na = A('a')\n_b = A('_b')\nd = [A('d1'), A('d2')]\ne = A('e')"},
    {"a file beside a hook that keeps the module",
     "import sys\nsys.excepthook = lambda *a: None\nf = open(1, 'w', "
     "closefd=False)\nf.write('late')"},
    {"a collector that is off",
     "import gc\ngc.disable()\nclass A:\n    def __del__(self): print('gone')\na = A()\na.me = a"},
    {"output of the C library", "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.puts(b'from C')"},
    {"the module is another's", "import sys\nsys.modules['__main__'] = sys\nx = 5\nprint(x)"},
    {"the module's names", "print(sorted(globals()), type(__loader__), __cached__)"},
    {"depth of recursion",
     "d = 0\ndef f():\n    global d\n    d += 1\n    f()\ntry: f()\nexcept RecursionError: "
     "print(d)"},
    {"bytes of a source that are no UTF-8", "print(1)\n# caf\xe9\n"},
    {"a source in Latin-1", "# -*- coding: latin-1 -*-\nprint('caf\xe9')\n"},
    {"a coding line that comes too late", "1\n2\n# -*- coding: latin-1 -*-\n# caf\xe9\n"},
    {"a byte order mark", "\xef\xbb\xbfprint('bom')"},
    {"errors of the standard files",
     "import sys\nfor f in sys.stdin, sys.stdout, sys.stderr: print(f.encoding, f.errors, f.mode, "
     "f.line_buffering)"},
    {"input that is no UTF-8", "import sys\nprint(input(), ascii(sys.stdin.read()))",
     "a\xff\n\xe9"},
    {"asyncio",
     "import asyncio\nasync def f():\n    await asyncio.sleep(0.01)\n    "
     "print('async')\nasyncio.run(f())"},
};

std::pair<int, std::string> run_plainly(const std::string& python, const std::string& folder) {
  const std::string command = "cd " + folder +
                              " && env -i PATH=/usr/bin LANG=C.UTF-8 PYTHONHASHSEED=0 " + python +
                              " -s solution.py < input 2> /dev/null";
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
  for (const Case& c : kCases) {
    INFO(c.what << "\n" << c.source);
    std::ofstream(folder / "solution.py") << c.source;
    std::ofstream(folder / "input") << c.input;
    const auto [code, out] = run_plainly(box->report().python, folder);
    Run run;
    run.program = std::make_shared<Program>(Program{Language::kPython, c.source});
    run.input = Input(c.input);
    const Sandbox::Result result = box->run(run);
    REQUIRE(std::holds_alternative<Outcome>(result));
    const auto& outcome = std::get<Outcome>(result);
    CHECK(outcome.out == out);
    // The shell reports a signal as 128 and its number.
    CHECK((outcome.signal != 0 ? 128 + outcome.signal : outcome.exit_code) == code);
  }
  std::filesystem::remove_all(folder);
}
