# attack: kernel memory, by open descriptors without end
# wanted: OK or RE
# after: the machine's memory is as before
# wall: RLIMIT_NOFILE
# control: breach
import os

print("REACHED", flush=True)
files = 0
try:
    for _ in range(10000):
        os.dup(0)
        files += 1
        if files == 300:
            print("BREACH:", files, "descriptors", flush=True)
            break
except OSError as error:
    print("stopped at", files, error.errno)
