# attack: path checks, by names that are no paths
# wanted: OK
# after: its output is exact
# wall: none needed
# control: same
import ctypes
import errno
import os

print("REACHED", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
for name, path in (("null", None), ("format", b"/no/%s%n%d"), ("long", b"x" * 4352), ("not text", b"/no/\xff\xfe"), ("empty", b"")):
    ctypes.set_errno(0)
    fd = libc.open(path, os.O_RDONLY)
    print(name, fd, errno.errorcode[ctypes.get_errno()])
