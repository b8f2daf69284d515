# attack: the harness's terminal, by pushing characters into it
# wanted: RE
# after: nothing
# wall: seccomp (ioctl); no terminal
# control: breach
# library: pty
# control-needs: root
import ctypes
import errno
import os
import pty

print("REACHED", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
fds = [0, 1, 2]
try:
    fds.append(pty.openpty()[1])
except OSError as error:
    print("no terminal", error)
done = 0
for fd in fds:
    for request in (0x5412, 0x5412 | 1 << 32):
        ctypes.set_errno(0)
        if libc.syscall(@SYS_ioctl@, fd, ctypes.c_ulong(request), ctypes.c_char_p(b"x")) == 0:
            print("BREACH: pushed into", fd, flush=True)
            done += 1
        else:
            print(fd, errno.errorcode[ctypes.get_errno()])
raise SystemExit(0 if done else 1)
