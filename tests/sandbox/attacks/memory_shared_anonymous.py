# attack: memory, by shared anonymous mappings, which are files of the kernel and no part of the heap
# wanted: OK or MLE
# after: the machine's memory is as before
# wall: RLIMIT_AS; memory cgroup
# control: breach
# library: mmap
import mmap

print("REACHED", flush=True)
maps = []
try:
    for _ in range(min(@COUNT@, 10000) // 20):
        area = mmap.mmap(-1, 20 << 20)
        for at in range(0, len(area), 4096):
            area[at] = 1
        maps.append(area)
except OSError as error:
    print("refused", error.errno)
if 20 * len(maps) >= @MEMORY@:
    print("BREACH:", 20 * len(maps), "MiB", flush=True)
