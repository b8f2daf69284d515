# attack: memory that the machine cannot take back, by mlock
# wanted: OK
# after: the machine's memory is as before
# wall: RLIMIT_MEMLOCK 0; seccomp
# control: breach
# control-needs: root
import ctypes

print("REACHED", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
block = ctypes.create_string_buffer(1 << 20)
if libc.mlock(block, 1 << 20) == 0:
    print("BREACH: locked 1 MiB", flush=True)
else:
    print("refused", ctypes.get_errno())
