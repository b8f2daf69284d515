# attack: the grader, by searching the whole address space for what it expects
# wanted: OK or RE
# after: nothing of it in the output
# wall: expected outputs never enter the sandbox
# control: breach
# control-in: grader
# time: 4
import re

print("REACHED", flush=True)
pattern = re.compile(rb"expecte[d]-outpu[t]-[0-9a-f]{16}")
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", buffering=0) as memory:
    for line in maps.read().splitlines():
        span, mode = line.split()[:2]
        begin, end = (int(number, 16) for number in span.split("-"))
        if not mode.startswith("rw") or end - begin > 64 << 20:
            continue
        try:
            memory.seek(begin)
            found = pattern.search(memory.read(end - begin))
        except OSError:
            continue
        if found:
            print("BREACH:", span, found.group(), flush=True)
