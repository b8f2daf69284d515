# attack: the filter, by system calls of the x32 ABI
# wanted: OK
# after: nothing
# wall: seccomp (numbers of x32)
# control: breach or absent
# prints: ENOSYS
import ctypes
import errno
import os

print("REACHED", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
for number in (39, 57, 41, 512 + 8):
    ctypes.set_errno(0)
    pid = libc.syscall(ctypes.c_long(0x40000000 | number), 2, 1, 0)
    if pid == 0 and number == 57:
        os._exit(0)
    if pid >= 0:
        print("BREACH: x32 call", number, flush=True)
    else:
        print(errno.errorcode[ctypes.get_errno()])
if "@SIDE@" == "control":
    print("ABSENT")
