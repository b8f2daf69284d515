# attack: memory, by a list that grows without end
# wanted: MLE or RE
# after: the machine's memory is as before
# wall: RLIMIT_AS; memory cgroup
# control: breach
print("REACHED", flush=True)
blocks = []
for _ in range(@COUNT@):
    blocks.append("x" * (1 << 20))
    if len(blocks) == @MEMORY@:
        print("BREACH:", len(blocks), "MiB", flush=True)
