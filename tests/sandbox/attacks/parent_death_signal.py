# attack: the chain of death: it cancels the signal of its parent's death, leaves the session and spins
# wanted: TLE
# after: the process is gone
# wall: SIGKILL by pidfd; pid namespace
# control: endless
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(1, 0, 0, 0, 0)
libc.prctl(36, 1, 0, 0, 0)
try:
    os.setsid()
except OSError:
    pass
print("REACHED", flush=True)
while True:
    pass
