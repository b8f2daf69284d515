# attack: a side channel between programs, by locks on a file that all of them see
# wanted: OK or RE
# after: no lock is left
# wall: seccomp (flock, fcntl of locks, leases and notifications)
# control: breach
import ctypes
import fcntl
import os
import struct

print("REACHED", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
fd = os.open(os.__file__, os.O_RDONLY)
lock = struct.pack("hhlli", fcntl.F_RDLCK, 0, 0, 0, 0)
for name, attempt in (("flock", lambda: fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)),
                      ("lockf", lambda: fcntl.fcntl(fd, fcntl.F_SETLK, lock)),
                      ("open file lock", lambda: fcntl.fcntl(fd, 37, lock)),
                      ("look at locks", lambda: fcntl.fcntl(fd, fcntl.F_GETLK, lock))):
    try:
        attempt()
        print("BREACH:", name, flush=True)
    except OSError as error:
        print(name, error.errno)
