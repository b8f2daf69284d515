# The warm interpreter of a worker. It loads what programs need, and hands itself over to a loop of machine code
# (zygote_loop.cpp), which forks a child for each request and puts its walls up. What follows the loop runs in
# the child, behind all walls, and is the rest of `python3 FILE`.
#
# argv: path of the loop, filter memfd (or -1), whether numpy is wanted, whether /proc is there, where modules may be
# (JSON); and at level D, where this process still has its privileges: the new root, user, group, the memfd of the
# filter for itself (or -1), number of seccomp(2).


def _zygote():
    import sys

    sys.path.pop(0)  # the current folder, before anything is looked for in it
    import atexit, builtins, ctypes, gc, os, signal, types

    del os.environ["LD_BIND_NOW"]  # that was for this process

    # Kept, because to let go of a frame writes to every module that it names: each one a page to copy.
    frames = []
    # Each child has random numbers of its own, whoever of its modules asks for them. (The module's own way at a
    # fork takes 2.5 kB of the kernel's, and three times as long.)
    register_at_fork, whole = os.register_at_fork, int.from_bytes
    os.register_at_fork = lambda **hooks: None
    import random

    os.register_at_fork = register_at_fork
    urandom, seed = os.urandom, random.seed
    reseeds = [lambda: seed(whole(urandom(8), "little"))]
    import array, bisect, cmath, collections, copy, datetime, decimal, fractions, functools, heapq, io  # noqa
    import importlib.machinery, itertools, json, linecache, math, operator, re, statistics, string, time  # noqa
    import traceback, typing, weakref  # noqa

    path = sys.argv[1]
    filter_fd, numpy, proc = map(int, sys.argv[2:5])
    sys.path[:] = json.loads(sys.argv[5])
    if numpy:
        import numpy

        seed_numpy = numpy.random.seed
        reseeds.append(lambda: seed_numpy(whole(urandom(4), "little")))

    to_confine = sys.argv[6:]
    if to_confine:
        # The new root has no library: what is not here now never will be.
        for name in (
            "abc asyncio base64 calendar codecs collections.abc concurrent.futures contextlib dataclasses enum "
            "fileinput fnmatch glob graphlib hashlib importlib inspect ipaddress keyword locale logging mmap numbers "
            "pathlib pickle platform pprint queue resource secrets select selectors shutil statistics stat tempfile textwrap "
            "threading timeit tokenize unicodedata unittest uuid warnings weakref zlib zoneinfo"
        ).split():
            try:
                __import__(name)
            except ImportError:
                pass

    # It keeps the interpreter's lock, and returns in children only: the source of a program.
    serve = ctypes.PyDLL(path).quorum_serve
    serve.restype, serve.argtypes = ctypes.py_object, (ctypes.c_int, ctypes.c_int)
    if path.startswith("/proc/self/fd/"):
        os.close(int(path.rpartition("/")[2]))
    write, leave, getpid = os.write, os._exit, os.getpid

    def confine(root, user, group, own_filter, seccomp_call):
        class Program(ctypes.Structure):
            _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]

        libc = ctypes.CDLL(None)
        os.chroot(root)
        os.chdir("/")
        os.setgroups([])
        for capability in range(64):
            libc.prctl(24, capability, 0, 0, 0)  # out of the bounding set
        os.setresgid(int(group), int(group), int(group))
        os.setresuid(int(user), int(user), int(user))
        if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.prctl(1, 9, 0, 0, 0) != 0:
            leave(1)  # no new privileges; die with the parent
        if int(own_filter) >= 0:
            code = os.pread(int(own_filter), 1 << 16, 0)
            os.close(int(own_filter))
            if libc.syscall(int(seccomp_call), 1, 0, ctypes.byref(Program(len(code) // 8, code))) != 0:
                leave(1)

    # What follows runs in the child, as the end of `python3 FILE` does (Py_RunMain and Py_FinalizeEx).
    file = "/box/solution.py"
    run_exit_handlers, collect, collects, modules = atexit._run_exitfuncs, gc.collect, gc.isenabled, sys.modules
    default_hook, first_stdout, first_stderr = sys.excepthook, sys.stdout, sys.stderr
    # Through something that is no function of the interpreter's: a profile does not see it.
    end_trace, end_profile = functools.partial(sys.settrace, None), functools.partial(sys.setprofile, None)
    flush_c = ctypes.PyDLL(None).fflush
    new_module, new_loader, weak = types.ModuleType, importlib.machinery.SourceFileLoader, weakref.ref
    declares_encoding = re.compile(
        rb"(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n))?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*[-_.a-zA-Z0-9]+"
    ).match

    def join_threads():
        if "threading" in modules:
            modules["threading"]._shutdown()

    def report(text):
        try:
            write(2, text.encode("utf-8", "backslashreplace"))
        except OSError:
            pass

    def say(text):
        try:
            sys.stderr.write(text)
        except BaseException:
            report(text)

    def status_of(code):
        if code is None:
            return 0
        if isinstance(code, int):
            return code & 0xFF if -(1 << 63) <= code < 1 << 63 else 255
        try:
            sys.stdout.flush()
        except BaseException:
            pass
        try:
            sys.stderr.write(str(code) + "\n")
        except BaseException:
            pass
        return 1

    def show_plainly(error):
        """An error that a call of this file met, without the frame that called."""
        error.__traceback__, error.__context__ = error.__traceback__.tb_next, None
        default_hook(type(error), error, error.__traceback__)

    def show(error):
        """As PyErr_Print; the exit code that follows."""
        kind, trace = type(error), error.__traceback__
        sys.last_type, sys.last_value, sys.last_traceback = kind, error, trace
        if not hasattr(sys, "excepthook"):
            say("sys.excepthook is missing\n")
            default_hook(kind, error, trace)
            return 1
        try:
            sys.excepthook(kind, error, trace)
        except SystemExit as end:
            return status_of(end.code)
        except BaseException as other:
            say("Error in sys.excepthook:\n")
            show_plainly(other)
            say("\nOriginal exception was:\n")
            default_hook(kind, error, trace)
        return 1

    def is_closed(stream):
        try:
            return bool(stream.closed)
        except BaseException:
            return False  # as objects that only have write() are not

    def flush(stream, loud):
        if stream is None or is_closed(stream):
            return True
        try:
            stream.flush()
            return True
        except BaseException as error:
            if loud:
                try:
                    say("Exception ignored in: %r\n" % stream)
                except BaseException:
                    say("Exception ignored in: <object repr() failed>\n")
                show_plainly(error)
            return False

    def flush_once():
        for name in ("stderr", "stdout"):
            try:
                getattr(sys, name).flush()
            except BaseException:
                pass

    def release(held):
        """Lets the program's objects go, of which some write when they do, such as files that were not closed."""
        if collects():
            collect()  # also puts them into the order in which the next one finalizes them
        sys.stdin, sys.stdout, sys.stderr = (getattr(sys, "__std%s__" % n, None) for n in ("in", "out", "err"))
        sys.last_type = sys.last_value = sys.last_traceback = None
        alive = weak(held.pop())
        modules["__main__"] = None
        collect()
        # What an object of the interpreter's, such as a hook, still refers to.
        if alive() is not None:
            names = alive().names
            for name in [n for n in names if type(n) is str and n != "__builtins__"]:
                names[name] = None
            collect()

    def finish(status, interrupted, held):
        for step in (join_threads, run_exit_handlers):
            try:
                step()
            except BaseException:
                try:
                    sys.excepthook(*sys.exc_info())
                except BaseException:
                    pass
        out, err = (flush(getattr(sys, name, None), name == "stdout") for name in ("stdout", "stderr"))
        release(held)
        for stream in (first_stdout, first_stderr):
            flush(stream, False)
        flush_c(None)
        if interrupted:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.kill(getpid(), signal.SIGINT)
        leave(status if out and err else 120)

    def no_room_for_a_stack(error):
        # As a thread was refused: for memory, or because there were too many?
        if not isinstance(error, RuntimeError) or error.args != ("can't start new thread",):
            return False
        try:
            import mmap

            size = modules["threading"].stack_size() or 8 << 20
            mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
            return False
        except ImportError:
            return False
        except (MemoryError, OSError):
            return True

    def make_anonymous_mappings_private():
        # Shared ones are refused, and for a process without children there is no difference.
        import mmap as module

        class mmap(module.mmap):
            def __new__(cls, fileno, length, flags=module.MAP_SHARED, *more, **named):
                if fileno == -1:
                    if named.get("access") == module.ACCESS_WRITE:
                        del named["access"]  # as if it had not been said
                    if "access" not in named and flags & module.MAP_SHARED:
                        flags = flags & ~module.MAP_SHARED | module.MAP_PRIVATE
                return super().__new__(cls, fileno, length, flags, *more, **named)

        mmap.__module__ = mmap.__qualname__ = "mmap"
        module.mmap = mmap

    def program_text(source):
        try:
            return source.decode()
        except UnicodeDecodeError as error:
            # compile() overlooks it in comments.
            if not declares_encoding(source):
                raise SyntaxError(
                    "Non-UTF-8 code starting with '\\x%02x' in file %s on line %d, but no encoding declared; see "
                    "https://peps.python.org/pep-0263/ for details"
                    % (source[error.start], file, source.count(b"\n", 0, error.start) + 1)
                ) from None
            return source.decode("utf-8", "replace")

    def run(source, names):
        """The exit code, and whether it is of an interrupt that was not caught."""
        code = None
        try:
            linecache.cache[file] = len(source), None, program_text(source).splitlines(True), file
            code = compile(source, file, "exec", dont_inherit=True)
            try:
                exec(code, names)
            finally:
                end_trace()
                end_profile()
                flush_once()  # before threads and exit handlers, which may end the process hard
        except SystemExit as error:
            return status_of(error.code), False
        except BaseException as error:
            error.__traceback__ = error.__traceback__.tb_next if code else None  # without this function
            status = show(error)
            if no_room_for_a_stack(error):
                report("MemoryError: no room for the stack of a thread\n")
            return status, status == 1 and isinstance(error, KeyboardInterrupt)
        return 0, False

    def execute(source):
        for reseed in reseeds:
            reseed()
        if b"mmap" in source:
            make_anonymous_mappings_private()
        # Made here, because the collector passes over what is older.
        main = new_module("__main__")
        loader = new_loader("__main__", file)
        loader.names = main.__dict__
        loader.names.update(
            __annotations__={}, __builtins__=builtins, __file__=file, __cached__=None, __loader__=loader
        )
        modules["__main__"] = main
        del main
        status, interrupted = run(source, loader.names)
        held = [loader]
        del loader
        finish(status, interrupted, held)

    sys.argv = [file]
    sys.path.insert(0, "/box")
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # python3 ignores it, and then a flood is an OSError
    sys.setrecursionlimit(sys.getrecursionlimit() + 4)  # for the frames below the program's first
    compile("a = [print(1)]\n", "warm", "exec")  # the first compilation of a process makes its tables
    if to_confine:
        confine(*to_confine)
    frames.append(sys._getframe())
    gc.collect()
    gc.freeze()
    return frames, execute, serve(filter_fd, proc)


_frames, _execute, _source = _zygote()
del _zygote
_execute(_source)
