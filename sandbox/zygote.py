# The warm interpreter of a worker. It waits for requests, forks one child for each, and reports how the
# child ended. Until the fork only this text runs here; the child puts up its own walls and then becomes
# `python3 FILE`.
#
# argv: requests socket, harness socket, filter memfd (or -1), number of seccomp(2), of pidfd_open(2),
# placeholder of the filter, whether numpy is wanted, whether /proc is there; and at level D, where this process
# still has its privileges: the new root, user, group, and the memfd of the filter for itself.


def _zygote():
    import sys

    sys.path.pop(0)  # the current folder, before anything is looked for in it
    import _socket, atexit, builtins, ctypes, gc, os, resource, signal, struct, types

    # Kept, because to let go of a frame writes to every module that it names: each one a page to copy.
    frames = []
    # A new seed for each child costs every run: it is made for programs that can use it. (threading would cost
    # more, and is left to those that import it.)
    hooks = []
    register_at_fork = os.register_at_fork
    os.register_at_fork = lambda *, after_in_child=None, **others: hooks.append(after_in_child)
    import random

    os.register_at_fork = register_at_fork
    import array, bisect, cmath, collections, copy, datetime, decimal, fractions, functools, heapq, io  # noqa
    import itertools, json, linecache, math, operator, re, statistics, string, time, traceback, typing  # noqa

    requests, harness, filter_fd, seccomp_call, pidfd_call, placeholder, numpy, proc = map(int, sys.argv[1:9])
    if numpy:
        import numpy

        hooks.append(numpy.random.seed)

    to_confine = sys.argv[9:]
    if to_confine:
        # The new root has no library: what is not here now never will be.
        for name in (
            "abc asyncio base64 calendar codecs collections.abc concurrent.futures contextlib dataclasses enum "
            "fileinput fnmatch glob graphlib hashlib importlib inspect ipaddress keyword locale logging numbers "
            "pathlib pickle platform pprint queue secrets select selectors shutil statistics stat tempfile textwrap "
            "threading timeit tokenize unicodedata unittest uuid warnings weakref zlib zoneinfo"
        ).split():
            try:
                __import__(name)
            except ImportError:
                pass

    libc = ctypes.CDLL(None, use_errno=True)

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]

    filter_code = None
    if filter_fd >= 0:
        filter_code = os.pread(filter_fd, 1 << 16, 0)
        os.close(filter_fd)
    placeholder = struct.pack("I", placeholder)
    syscall, prctl = libc.syscall, libc.prctl
    fork, wait4, waitid, read, write, close = os.fork, os.wait4, os.waitid, os.read, os.write, os.close
    leave, dup2, closerange, getpid = os._exit, os.dup2, os.closerange, os.getpid
    set_limit, now = resource.setrlimit, time.monotonic_ns
    requests = _socket.socket(fileno=requests)
    harness = _socket.socket(fileno=harness)
    rights = (_socket.SOL_SOCKET, _socket.SCM_RIGHTS)
    ancillary = _socket.CMSG_SPACE(8 * 4)
    request_layout = struct.Struct("=IIIIQQQQQQ")
    end_layout = struct.Struct("=IIiIqqQq")
    unpack_descriptors = struct.Struct("=i").iter_unpack
    one_descriptor = struct.Struct("=i").pack
    KIND_WAITING, KIND_ENDED, KIND_FAILED, KIND_PROCESS = 7, 8, 10, 11

    def run_delay(pid):
        # Of a process that has ended but is not reaped.
        try:
            with open("/proc/%d/schedstat" % pid, "rb") as file:
                return int(file.read().split()[1])
        except (OSError, IndexError, ValueError):
            return -1

    def install(code):
        return syscall(seccomp_call, 1, 0, ctypes.byref(Program(len(code) // 8, code)))

    def confine(root, user, group, own_filter):
        os.chroot(root)
        os.chdir("/")
        os.setgroups([])
        for capability in range(64):
            prctl(24, capability, 0, 0, 0)  # out of the bounding set
        os.setresgid(int(group), int(group), int(group))
        os.setresuid(int(user), int(user), int(user))
        if prctl(38, 1, 0, 0, 0) != 0 or prctl(1, 9, 0, 0, 0) != 0:  # no new privileges; die with the parent
            leave(1)
        if int(own_filter) >= 0:
            code = os.pread(int(own_filter), 1 << 16, 0)
            close(int(own_filter))
            if install(code) != 0:
                leave(1)

    def put_up_walls(said, zygote, limits, descriptors, has_channel):
        gate, code, stdin, stdout, stderr = descriptors[:5]
        os.setsid()
        prctl(1, 9, 0, 0, 0)  # die with the parent
        if os.getppid() != zygote:
            leave(1)
        pid = getpid()
        pidfd = syscall(pidfd_call, pid, 0)
        # While descriptors can still be sent; the kernel counts those in flight against the limit of files too.
        said.sendmsg([struct.pack("=II", KIND_PROCESS, 0)], [(*rights, one_descriptor(pidfd))])
        close(pidfd)
        size = os.fstat(code).st_size
        source = os.pread(code, size, 0)
        dup2(stdin, 0)
        dup2(stdout, 1)
        dup2(stderr, 2)
        # Copies have numbers above all of these, so that 3 is free for the channel.
        gate = os.dup(gate)
        if has_channel:
            channel = os.dup(descriptors[5])
        for fd in (*descriptors, requests.detach(), harness.detach()):
            close(fd)
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        files = 64 if files == resource.RLIM_INFINITY else min(files, 64)
        set_limit(resource.RLIMIT_NOFILE, (files, files))
        if has_channel:
            dup2(channel, 3)
            close(channel)
        cpu_seconds, memory, stack, file_bytes = limits
        set_limit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
        set_limit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
        hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
        if hard != resource.RLIM_INFINITY:
            stack = min(stack, hard)
        set_limit(resource.RLIMIT_STACK, (stack, hard))
        set_limit(resource.RLIMIT_AS, (memory, memory))
        prctl(4, 1, 0, 0, 0)  # dumpable again: /proc/self is its own
        if filter_code and install(filter_code.replace(placeholder, struct.pack("I", pid))) != 0:
            leave(1)
        said.send(struct.pack("=II", KIND_WAITING, 0))
        said.close()
        if not read(gate, 8):
            leave(1)
        close(gate)
        return source

    def serve():
        zygote = getpid()
        prctl(4, 0, 0, 0, 0)  # nobody looks in, children neither
        while True:
            message, control, _, _ = requests.recvmsg(4096, ancillary, _socket.MSG_CMSG_CLOEXEC)
            if len(message) != request_layout.size:
                leave(0)
            _, worker, _, has_channel, *limits, _, _ = request_layout.unpack(message)
            descriptors = [fd for _, _, data in control for (fd,) in unpack_descriptors(data)]
            pid = fork()
            if pid == 0:
                said = _socket.socket(fileno=os.dup(harness.fileno()))
                try:
                    return put_up_walls(said, zygote, limits, descriptors, has_channel)
                except BaseException as error:
                    said.send(struct.pack("=II", KIND_FAILED, 0) + repr(error).encode())
                    leave(1)
            for fd in descriptors:
                close(fd)
            waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
            ended = now()
            delay = run_delay(pid) if proc else -1
            _, status, usage = wait4(pid, 0)
            cpu = int((usage.ru_utime + usage.ru_stime) * 1e9)
            harness.send(end_layout.pack(KIND_ENDED, worker, status, 0, cpu, delay, usage.ru_maxrss * 1024, ended))

    # What follows runs in the child, as the end of `python3 FILE` does (Py_RunMain and Py_FinalizeEx).
    main = types.ModuleType("__main__")
    main.__builtins__ = builtins
    main.__file__ = "/box/solution.py"
    main.__annotations__ = {}
    run_exit_handlers, collect, modules = atexit._run_exitfuncs, gc.collect, sys.modules

    def join_threads():
        if "threading" in modules:
            modules["threading"]._shutdown()

    def report(text):
        try:
            write(2, text.encode("utf-8", "backslashreplace"))
        except OSError:
            pass

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

    def flush(stream):
        try:
            if stream is None or stream.closed:
                return True
            stream.flush()
            return True
        except BaseException as error:
            report("Exception ignored in: %r\n%s: %s\n" % (stream, type(error).__name__, error))
            return False

    def finish(status, interrupted):
        for step in (join_threads, run_exit_handlers):
            try:
                step()
            except BaseException:
                try:
                    sys.excepthook(*sys.exc_info())
                except BaseException:
                    pass
        flushed = [flush(sys.stdout), flush(sys.stderr)]
        # Objects that write when they go, such as files that were not closed.
        names = main.__dict__
        first = [n for n in names if n[:1] == "_" and n[1:2] != "_"]
        for name in first + [n for n in names if n != "__builtins__"]:
            names[name] = None
        collect()
        flushed += [flush(sys.stdout), flush(sys.stderr)]
        if not all(flushed):
            status = 120
        if interrupted:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.kill(getpid(), signal.SIGINT)
        leave(status)

    def execute(source):
        if b"random" in source or b"statistics" in source:
            for hook in hooks:
                hook()
        status, interrupted = 0, False
        lines = source.decode("utf-8", "replace").splitlines(True)
        linecache.cache[main.__file__] = len(source), None, lines, main.__file__
        try:
            exec(compile(source, "/box/solution.py", "exec", dont_inherit=True), main.__dict__)
        except SystemExit as error:
            status = status_of(error.code)
        except BaseException as error:
            status, interrupted = 1, isinstance(error, KeyboardInterrupt)
            error.__traceback__ = error.__traceback__.tb_next  # without this function
            try:
                sys.excepthook(type(error), error, error.__traceback__)
            except BaseException as other:
                report("Error in sys.excepthook: %r\n" % other)
        finish(status, interrupted)

    sys.argv = ["/box/solution.py"]
    sys.path.insert(0, "/box")
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # python3 ignores it, and then a flood is an OSError
    sys.stdin.reconfigure(errors="strict")
    sys.stdout.reconfigure(errors="strict")
    sys.modules["__main__"] = main
    sys.setrecursionlimit(sys.getrecursionlimit() + 3)  # for the frames below the program's first
    compile("a = [print(1)]\n", "warm", "exec")  # the first compilation of a process makes its tables
    if to_confine:
        confine(*to_confine)
    frames.append(sys._getframe())
    gc.collect()
    gc.freeze()
    return frames, execute, serve()


_frames, _execute, _source = _zygote()
del _zygote
_execute(_source)
