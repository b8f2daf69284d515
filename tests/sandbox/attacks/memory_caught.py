# attack: memory, by allocation until it is refused; the refusal is caught
# wanted: OK or MLE
# after: the machine's memory is as before
# wall: RLIMIT_AS; memory cgroup
# control: breach
print("REACHED", flush=True)
blocks = []
try:
    for _ in range(@COUNT@):
        blocks.append(bytearray(1 << 20))
except MemoryError:
    pass
held = len(blocks)
blocks.clear()
print("held", held, "MiB")
if held >= @MEMORY@:
    print("BREACH:", held, "MiB", flush=True)
