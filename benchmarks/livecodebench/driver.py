# Runs a program's tests inside the sandbox and reports what came out, test by test, over descriptor 3.
# It never sees an expected output: the other end of the descriptor compares, and says after each
# record whether to go on. docs/LIVECODEBENCH.md describes the rules that it follows.
#
# stdin: a line of JSON (mode, fn_name, timeout, max_record, and the sizes of what follows), the
# program, and the inputs. Modes:
#   stdin     all tests in this process, as LiveCodeBench's own checker runs a program that prints
#   function  the same for a program with a function
#   once      one call of a function, for a process a test: errors end the process as they end python3
# A record: its length in four bytes (little end first), a letter, a text.
#   o what was printed      v a value (encode)          x an error in the program
#   t out of time           e an error before any test  l the record would be too long
import ast
import builtins
import faulthandler
import io
import json
import os
import signal
import sys
import time
from collections import Counter, OrderedDict
from decimal import Decimal
from fractions import Fraction
from types import ModuleType

CHANNEL = 3
# In two parts: the sandbox gives programs whose text has the word an interpreter that costs more.
NUMPY = "num" + "py"
STAR_IMPORTS = ("string re datetime collections heapq bisect copy math random statistics itertools "
                "functools operator io sys json builtins typing").split()
PRELUDE = "".join("from %s import *\n" % name for name in STAR_IMPORTS)
PRELUDE += "".join("import %s\n" % name for name in STAR_IMPORTS[:-2])
PRELUDE += "sys.setrecursionlimit(50000)\n"

read_at, write_to, read_from, leave = os.pread, os.write, os.read, os._exit
open_file, list_folder, close_file = os.open, os.listdir, os.close
wall_clock, cpu_clock, set_timer = time.monotonic, time.process_time, signal.setitimer


class TimeoutException(Exception):
    pass


def run_delay():
    """Seconds that this process's threads were runnable and waited for a CPU; None: not known."""
    try:
        waited = 0
        for task in list_folder("/proc/self/task"):
            fd = open_file("/proc/self/task/%s/schedstat" % task, os.O_RDONLY | os.O_CLOEXEC)
            try:
                waited += int(read_from(fd, 100).split()[1])
            finally:
                close_file(fd)
        return waited / 1e9
    except (OSError, ValueError, IndexError):
        return None


class Alarm:
    """signal.alarm whose time stands still while other processes keep this one from a CPU."""

    def __init__(self, seconds):
        self.seconds = seconds
        signal.signal(signal.SIGALRM, self.rings)

    def start(self):
        self.wall, self.cpu, self.delay = wall_clock(), cpu_clock(), run_delay()
        set_timer(signal.ITIMER_REAL, self.seconds)

    def stop(self):
        signal.alarm(0)

    def left(self):
        wall, cpu, delay = wall_clock() - self.wall, cpu_clock() - self.cpu, run_delay()
        if delay is not None and self.delay is not None:
            used = max(wall - max(0, delay - self.delay), cpu)
        else:
            used = cpu if wall < 10 * self.seconds else wall
        return self.seconds - used

    def rings(self, number, frame):
        left = self.left()
        if left > 0.02:
            set_timer(signal.ITIMER_REAL, left)
            return
        # Part of the rules: a program that catches the exception has printed this.
        print("timeout occured: alarm went off")
        raise TimeoutException


def encode(value, out, depth=0):
    """Appends the value's parts to `out`; types by the == that they use, as that is what counts."""

    def put(kind, data):
        out.append(b"%s%d:" % (kind, len(data)))
        out.append(data)

    kind = type(value)
    if kind.__module__ == NUMPY and hasattr(value, "item") and getattr(value, "shape", None) == ():
        value = value.item()
        kind = type(value)
    if isinstance(value, (Decimal, Fraction)) and value == value:
        for exact in (int, float):
            try:
                if exact(value) == value:
                    value = exact(value)
                    kind = exact
                    break
            except (OverflowError, ValueError):
                pass
    equal = kind.__eq__
    try:
        if value is None:
            return out.append(b"N")
        if depth <= 200:
            if isinstance(value, int) and equal is int.__eq__:
                return put(b"i", b"%d" % value if kind is bool else int.__repr__(value).encode())
            if isinstance(value, float) and equal is float.__eq__:
                return put(b"f", float.__repr__(value).encode())
            if isinstance(value, str) and equal is str.__eq__:
                return put(b"s", str.encode(value, "utf-8", "surrogatepass"))
            for base, mark in ((list, b"["), (tuple, b"(")):
                if isinstance(value, base) and equal is base.__eq__:
                    out.append(b"%s%d:" % (mark, base.__len__(value)))
                    for item in base.__iter__(value):
                        encode(item, out, depth + 1)
                    return
            if isinstance(value, dict) and equal in (dict.__eq__, OrderedDict.__eq__, Counter.__eq__):
                out.append(b"{%d:" % (2 * dict.__len__(value)))
                for key, item in dict.items(value):
                    encode(key, out, depth + 1)
                    encode(item, out, depth + 1)
                return
    except ValueError:  # an integer with more digits than Python writes, or a changing container
        pass
    put(b"?", ("%s.%s" % (kind.__module__, kind.__qualname__)).encode("utf-8", "replace")[:200])


def shown(error):
    try:
        return repr(error)[:1000].encode("utf-8", "replace")
    except Exception:
        return b"an error that cannot be shown"


def send(letter, data, more):
    """Sends a record; ends the process when no further test is wanted."""
    if len(data) > header["max_record"]:
        letter, data = b"l", b""
    rest = memoryview((1 + len(data)).to_bytes(4, "little") + letter + data)
    try:
        while rest:
            rest = rest[write_to(CHANNEL, rest):]
        if more and read_from(CHANNEL, 1) == b"+":
            return
    except OSError:
        leave(1)
    leave(0)


def send_value(value, more):
    parts = []
    encode(value, parts)
    send(b"v", b"".join(parts), more)


def guard():
    """What the official checker takes away from programs."""
    faulthandler.disable()
    builtins.quit = None
    builtins.help = None
    os.environ["OMP_NUM_THREADS"] = "1"
    for name in ("kill system putenv remove removedirs rmdir fchdir setuid fork forkpty killpg rename "
                 "renames truncate replace unlink fchmod fchown chmod chown chroot lchflags lchmod lchown "
                 "getcwd chdir").split():
        setattr(os, name, None)
    # Their import costs more than many a test; who does not name them does not use them.
    if "shutil" in source:
        import shutil
        shutil.rmtree = shutil.move = shutil.chown = None
    if "subprocess" in source:
        import subprocess
        subprocess.Popen = None
    for name in ("ipdb", "joblib", "resource", "psutil", "tkinter"):
        sys.modules[name] = None


def small_stack():
    """The usual stack of 8 MiB, where the sandbox gives more: too deep a recursion crashes there."""
    try:
        import resource
        hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
        resource.setrlimit(resource.RLIMIT_STACK, (8 << 20, hard))
    except (ImportError, OSError, ValueError):
        pass


def detach_standard_files():
    """The inputs were read; programs see an empty stdin, and what they print unasked goes nowhere."""
    try:
        null = os.open("/dev/null", os.O_RDWR)
    except OSError:
        return
    for fd in (0, 1, 2) if header["mode"] != "once" else (0,):
        os.dup2(null, fd)
    os.close(null)
    sys.stdin = open(0, closefd=False)


def without_main_guard(source):
    """A last statement `if __name__ == '__main__':` gives way to its body."""
    try:
        body = ast.parse(source).body
        last = body[-1]
        if isinstance(last, ast.If) and ast.unparse(last.test).strip() == "__name__ == '__main__'":
            return ast.unparse(body[:-1]) + "\n" + ast.unparse(last.body)
    except BaseException:
        pass
    return source


def as_function(source):
    """All statements but the imports as the body of wrapped_function(), behind prelude and imports."""
    try:
        imports, others = [], []
        for statement in ast.parse(source).body:
            (imports if isinstance(statement, (ast.Import, ast.ImportFrom)) else others).append(statement)
        arguments = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        function = ast.FunctionDef(name="wrapped_function", args=arguments, body=others,
                                   decorator_list=[], lineno=-1)
        return PRELUDE + "\n" + ast.unparse(imports) + "\n" + ast.unparse(function)
    except Exception:
        return source


def solution(source, name):
    """The callable `name` of the program: a method where the text speaks of a class Solution."""
    module = ModuleType("tmp_sol", "")
    exec(source, module.__dict__)
    holder = module.Solution() if "class Solution" in source else module
    return getattr(holder, name, None)


class FakeBuffer:
    """sys.stdin.buffer as the rules have it: read() gives everything, readline() the first line."""

    def __init__(self, text):
        self.text = text.encode()

    def read(self, *ignored):
        return self.text

    def readline(self, *ignored):
        return self.text.split(b"\n")[0] + b"\n"


class FakeStdin:
    """sys.stdin as the rules have it; it cannot be iterated."""

    def __init__(self, text):
        self.text = text
        self.lines = io.StringIO(text)
        self.buffer = FakeBuffer(text)

    def read(self, *ignored):
        return self.text

    def readline(self, *size):
        return self.lines.readline(*size)

    def readlines(self, *ignored):
        return self.text.split("\n")

    def __getattr__(self, name):
        return getattr(self.lines, name)


def call_with_input(function, text):
    """Calls the program with every way to read stdin replaced; gives what it printed."""
    original, printed = sys.stdin, io.StringIO()
    real_out, real_open = sys.stdout, builtins.open
    printed.close = lambda wanted: 1
    lines = iter(text.split("\n"))
    sys.stdout = printed
    try:
        # Names that the program took from sys before the test hold the original object.
        original.read = lambda *ignored: text
        original.readlines = lambda *ignored: text.split("\n")
        original.readline = lambda *ignored: next(lines)
        sys.stdin = FakeStdin(text)
        builtins.open = lambda *ignored, **also: io.StringIO(text)
        try:
            function()
        except SystemExit:
            pass
    finally:
        builtins.open = real_open
        sys.stdin = original
        for name in ("read", "readlines", "readline"):
            original.__dict__.pop(name, None)
        sys.stdout = real_out
    return printed


def run_tests(alarm, function, arguments, call):
    """`call(function, argument)` for each of the arguments; gives a letter and the data to send."""
    for index, argument in enumerate(arguments):
        more = index + 1 < len(arguments)
        alarm.start()
        try:
            result = call(function, argument)
            alarm.stop()
        except Exception as error:
            alarm.stop()
            send(b"t" if "timeoutexception" in repr(error).lower() else b"x", shown(error), False)
        finally:
            alarm.stop()
        if isinstance(result, io.StringIO):
            send(b"o", result.getvalue().encode("utf-8", "surrogatepass"), more)
        else:
            send_value(list(result) if isinstance(result, tuple) else result, more)


def run_official(source, inputs):
    alarm = Alarm(header["timeout"])
    sys.set_int_max_str_digits(50000)
    if NUMPY in source:
        try:  # the official checker has it loaded; it cannot be behind the guard
            __import__(NUMPY)
        except ImportError:
            pass
    guard()
    try:
        alarm.start()
        if header["mode"] == "stdin":
            source = as_function(without_main_guard(source))
        else:
            source = PRELUDE + "\n\n" + source
        alarm.start()
        name = header["fn_name"] if header["mode"] == "function" else "wrapped_function"
        try:
            function = solution(source, name)
        finally:
            alarm.stop()
        if function is None:
            raise TypeError("the program has no " + name)
        if header["mode"] == "function":
            inputs = [[json.loads(line) for line in text.split("\n")] for text in inputs]
    except Exception as error:
        alarm.stop()
        send(b"e", shown(error), False)
    if header["mode"] == "stdin":
        run_tests(alarm, function, inputs, call_with_input)
    else:
        run_tests(alarm, function, inputs, lambda method, given: method(*given))


def run_once(source, text):
    """For errors in the program to look as python3 shows them, its lines keep their numbers."""
    arguments = [json.loads(line) for line in text.split("\n")]
    module = ModuleType("__main__")
    sys.modules["__main__"] = module
    exec(PRELUDE, module.__dict__)
    exec(compile(source, "solution.py", "exec"), module.__dict__)
    holder = module.Solution() if hasattr(module, "Solution") else module
    result = getattr(holder, header["fn_name"])(*arguments)
    send_value(list(result) if isinstance(result, tuple) else result, False)


header = json.loads(sys.stdin.buffer.readline())
source = sys.stdin.buffer.read(header["program"]).decode("utf-8", "surrogatepass")
inputs = [sys.stdin.buffer.read(size).decode("utf-8", "surrogatepass") for size in header["inputs"]]
detach_standard_files()
if header["mode"] == "once":
    run_once(source, inputs[0])
else:
    small_stack()
    run_official(source, inputs)
leave(0)
