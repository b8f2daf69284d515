# attack: memory that outlives the program, by 1 GiB of System V shared memory
# wanted: OK
# after: no segment is left
# wall: seccomp; IPC namespace
# control: breach
# prints: EPERM
import ctypes
import errno

print("REACHED", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
segment = libc.shmget(0, ctypes.c_size_t(1 << 30), 0o1600)
if segment >= 0:
    libc.shmctl(segment, 0, None)
    print("BREACH: a segment", flush=True)
else:
    print(errno.errorcode[ctypes.get_errno()])
