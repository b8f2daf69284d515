# attack: the output limit, by a shared mapping of the output
# wanted: OLE or RE or OK
# after: the output is cut at its limit
# wall: RLIMIT_FSIZE on a memfd
# control: flood
# library: mmap
import mmap
import os

print("REACHED", flush=True)
fd = os.open("/proc/self/fd/1", os.O_RDWR)
os.ftruncate(fd, 8 << 20)
area = mmap.mmap(fd, 8 << 20)
area[0 : 8 << 20] = b"x" * (8 << 20)
