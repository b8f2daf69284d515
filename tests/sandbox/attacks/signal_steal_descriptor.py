# attack: other processes, by taking a copy of a descriptor of theirs
# wanted: OK
# after: nothing
# wall: seccomp; pid namespace; other user
# control: breach
import ctypes
import errno
import os

print("REACHED", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
for pid in (@VICTIM@, os.getppid(), 1):
    ctypes.set_errno(0)
    handle = libc.syscall(@SYS_pidfd_open@, pid, 0)
    for fd in range(8) if handle >= 0 else ():
        taken = libc.syscall(@SYS_pidfd_getfd@, handle, fd, 0)
        if taken >= 0:
            print("BREACH: took", fd, "of", pid, flush=True)
    print(pid, errno.errorcode.get(ctypes.get_errno()))
