# The attacks of canaries.cpp in one program: each line says whether one was refused. argv-less; the level's letter
# replaces @LEVEL@.
import ctypes
import os
import socket

libc = ctypes.CDLL(None, use_errno=True)
boxed = "@LEVEL@" in "AB"


def attack(name, action):
    try:
        got = action()
    except (OSError, MemoryError, OverflowError) as error:
        print(f"{name}: refused {type(error).__name__}")
    else:
        print(f"{name}: REACHED {got!r}"[:120])


def call(function, *arguments):
    def action():
        if function(*arguments) == -1:
            raise OSError(ctypes.get_errno(), "refused")
        return "success"

    return action


def fork():
    child = os.fork()
    if child == 0:
        os._exit(0)
    return child


def strangers():
    # Whoever else is here: with processes of its own, a box has three at most.
    others = [name for name in os.listdir("/proc") if name.isdigit()]
    if len(others) <= 3 and boxed:
        raise OSError("only its own")
    return others[:5]


def descriptors():
    found = []
    for fd in range(3, 64):
        try:
            os.fstat(fd)
            found.append(fd)
        except OSError:
            pass
    if not found:
        raise OSError("none")
    return found


def environment():
    known = ("PATH LANG HOME TMPDIR TZ PYTHONHASHSEED PYTHONDONTWRITEBYTECODE OMP_NUM_THREADS OPENBLAS_NUM_THREADS "
             "MKL_NUM_THREADS MALLOC_ARENA_MAX LC_CTYPE").split()
    unknown = [name for name in os.environ if name not in known]
    if not unknown:
        raise OSError("only ours")
    return unknown


attack("read a file of the machine", lambda: open("/etc/passwd").read(20))
attack("list the root folder's home", lambda: os.listdir("/root" if os.path.exists("/root") else "/home"))
attack("change the interpreter", lambda: open(os.__file__, "r+"))
attack("open a socket", lambda: socket.socket())
attack("start a process", fork)
attack("signal another process", lambda: os.kill(os.getppid(), 0))
attack("signal everybody", lambda: os.kill(-1, 0))
attack("trace another process", call(libc.ptrace, 16, os.getppid(), 0, 0))
attack("make a namespace", call(libc.unshare, 0x10000000))
attack("mount a file system", call(libc.mount, b"none", b"/tmp", b"tmpfs", 0, None))
attack("become root", lambda: os.setuid(0))
attack("make shared memory", call(libc.shmget, 0, 1 << 20, 0o1600))
attack("see other processes", strangers)
attack("find a descriptor of the harness", descriptors)
attack("find a variable of the harness", environment)
attack("take more memory than allowed", lambda: len(bytearray(1 << 33)))
if boxed:
    attack("see that a file of the machine is there", lambda: os.stat("/etc/passwd").st_size)
    try:
        with open("/tmp/left", "x") as file:
            file.write("x")
        print("find what an earlier run left: refused")
    except OSError as error:
        print(f"find what an earlier run left: REACHED {error}")
