# attack: other processes, by signals that are not sent by kill()
# wanted: OK
# after: the process is alive
# wall: seccomp (tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo, pidfd_send_signal of others); pid namespace
# control: breach
import ctypes
import errno
import os

print("REACHED", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
info = (ctypes.c_int * 32)(10, 0, -1, 0, os.getpid(), os.getuid())
for pid in (@VICTIM@, os.getppid(), 1):
    handle = libc.syscall(@SYS_pidfd_open@, pid, 0)
    for name, call in (("tkill", (@SYS_tkill@, pid, 0)), ("tgkill", (@SYS_tgkill@, pid, pid, 0)),
                       ("rt_sigqueueinfo", (@SYS_rt_sigqueueinfo@, pid, 0, info)),
                       ("rt_tgsigqueueinfo", (@SYS_rt_tgsigqueueinfo@, pid, pid, 0, info)),
                       ("pidfd_send_signal", (@SYS_pidfd_send_signal@, handle, 0, None, 0))):
        ctypes.set_errno(0)
        if libc.syscall(*call) == 0:
            print("BREACH:", name, "reaches", pid, flush=True)
        else:
            print(name, errno.errorcode[ctypes.get_errno()])
