# attack: memory, by one large allocation
# wanted: MLE or RE
# after: the machine's memory is as before
# wall: RLIMIT_AS; memory cgroup
# control: breach
print("REACHED", flush=True)
block = bytearray(min(@COUNT@, 10000) << 20)
print("BREACH:", len(block) >> 20, "MiB", flush=True)
