# attack: the harness's files, by ways of opening that a filter of open() would forget
# wanted: OK
# after: nothing of it in the output
# wall: own root; Landlock
# control: breach
import ctypes
import os

print("REACHED", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
how = (ctypes.c_uint64 * 3)(0, 0, 0)
path = b"@SECRET@"
relative = b"../" * 40 + path[1:]


def read(name, fd):
    if fd < 0:
        print(name, ctypes.get_errno())
        return
    try:
        data = os.read(fd, 100)
    except OSError as error:  # a descriptor that only names the file
        print(name, error.errno)
        return
    print("BREACH:", name, data, flush=True)


read("openat", libc.openat(-100, path, 0))
read("relative", libc.openat(-100, relative, 0))
read("openat2", libc.syscall(@SYS_openat2@, -100, path, ctypes.byref(how), 24))
named = libc.openat(-100, path, 0o10000000)
read("by name only", named)
if named >= 0:
    read("by /proc", libc.openat(-100, b"/proc/self/fd/%d" % named, 0))
for root in (b"/proc/1/root", b"/proc/self/root", b"/proc/%d/root" % os.getppid(), b"/proc/%d/cwd" % os.getppid()):
    read(root.decode(), libc.openat(-100, root + b"/" + path, 0))
