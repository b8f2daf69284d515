# attack: memory and time, by asking again after every refusal
# wanted: TLE or MLE or RE
# after: the machine's memory is as before
# wall: RLIMIT_AS; memory cgroup; supervisor's timer
# control: breach
print("REACHED", flush=True)
blocks = []
for _ in range(@COUNT@):
    try:
        blocks.append(b"x" * (1 << 20))
    except MemoryError:
        pass
    if len(blocks) == @MEMORY@:
        print("BREACH:", len(blocks), "MiB", flush=True)
