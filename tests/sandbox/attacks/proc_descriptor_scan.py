# attack: descriptors of the harness, by trying each
# wanted: OK
# after: nothing
# wall: close_range before the program starts
# control: breach
# control-in: open descriptor
import os

print("REACHED", flush=True)
for fd in range(3, 1024):
    try:
        print("BREACH: open", fd, os.fstat(fd), flush=True)
    except OSError:
        pass
