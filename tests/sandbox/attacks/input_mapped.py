# attack: the input of other runs, by a writable shared mapping of it
# wanted: OK or RE
# after: the next program's input is complete
# wall: the input is sealed and opened for reading
# control: breach
# library: mmap
# stdin: 5000
import mmap
import os

print("REACHED", flush=True)
for path in ("/proc/self/fd/0", "/dev/stdin", "/dev/fd/0"):
    try:
        area = mmap.mmap(os.open(path, os.O_RDWR), 4096)
        area[0:4] = b"evil"
        print("BREACH: input mapped by", path, flush=True)
    except (OSError, ValueError) as error:
        print(path, error)
