# attack: process creation, by raw system calls that no library wraps
# wanted: OK
# after: no process more than before
# wall: seccomp
# control: breach
# prints: clone EPERM
# prints: clone3 ENOSYS
import ctypes
import errno
import os

print("REACHED", flush=True)
libc = ctypes.CDLL(None, use_errno=True)


class CloneArguments(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in
                ("flags", "pidfd", "child_tid", "parent_tid", "exit_signal", "stack", "stack_size", "tls")]


arguments = CloneArguments(exit_signal=17)
calls = [("clone", (@SYS_clone@, 17, 0, 0, 0, 0)), ("clone3", (@SYS_clone3@, ctypes.byref(arguments), 64))]
if @SYS_fork@ >= 0:
    calls.append(("fork", (@SYS_fork@,)))
for name, call in calls:
    ctypes.set_errno(0)
    pid = libc.syscall(*call)
    if pid == 0:
        os._exit(0)
    if pid > 0:
        os.waitpid(pid, 0)
        print("BREACH:", name, flush=True)
    else:
        print(name, errno.errorcode[ctypes.get_errno()])
