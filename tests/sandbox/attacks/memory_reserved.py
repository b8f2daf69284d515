# attack: address space, by one mapping that nothing touches
# wanted: OK or MLE
# after: the machine's memory is as before
# wall: RLIMIT_AS
# control: breach
# library: mmap
import mmap

print("REACHED", flush=True)
try:
    area = mmap.mmap(-1, @COUNT@ << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000)
    print("BREACH:", len(area) >> 20, "MiB", flush=True)
except (OSError, OverflowError) as error:
    print("refused", error)
