# attack: the filter, by numbers that no kernel it knows has
# wanted: OK
# after: nothing
# wall: seccomp (unknown numbers)
# control: run
# prints: ENOSYS
import ctypes
import errno

print("REACHED", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
for number in list(range(470, 600)) + [1000, 5000, 0x7FFFFFFF, -1, 0xFFFFFFFF]:
    ctypes.set_errno(0)
    if libc.syscall(ctypes.c_long(number), 0, 0, 0, 0, 0, 0) >= 0:
        print("BREACH: call", number, flush=True)
    elif ctypes.get_errno() != errno.ENOSYS:
        print("BREACH: call", number, errno.errorcode[ctypes.get_errno()], flush=True)
print("ENOSYS")
