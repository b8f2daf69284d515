# attack: a filter that compares 64 bits where the kernel reads 32
# wanted: OK
# after: nothing
# wall: seccomp compares the low 32 bits
# control: breach
import ctypes
import errno

print("REACHED", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
high = 1 << 32
calls = {"socket": (@SYS_socket@, high | 2, high | 1, high), "socket of UNIX": (@SYS_socket@, high | 1, high | 1, high),
         "socket of netlink": (@SYS_socket@, high | 16, high | 3, high),
         "lock by fcntl": (@SYS_fcntl@, 0, high | 1024, high | 2), "prctl of dumpable": (@SYS_prctl@, high | 10 ** 3, 0, 0, 0)}
for name, call in calls.items():
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(call[0]), *(ctypes.c_ulong(value) for value in call[1:]))
    if result >= 0:
        print("BREACH:", name, flush=True)
    else:
        print(name, errno.errorcode[ctypes.get_errno()])
