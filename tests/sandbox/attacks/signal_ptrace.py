# attack: other processes, by attaching a debugger
# wanted: OK
# after: the process runs
# wall: seccomp; pid namespace; other user
# control: breach
# prints: EPERM
import ctypes
import errno
import os

print("REACHED", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
for pid in (@VICTIM@, os.getppid()):
    for name, request in (("attach", 16), ("seize", 0x4206)):
        ctypes.set_errno(0)
        if libc.ptrace(request, pid, None, None) == 0:
            print("BREACH:", name, pid, flush=True)
            os.waitpid(pid, 0x40000000) if request == 16 else None
            libc.ptrace(17, pid, None, None)
            break
        print(name, errno.errorcode[ctypes.get_errno()])
