# attack: threads without end, with the usual stack
# wanted: OK or TLE or RE or MLE
# after: no thread is left
# wall: RLIMIT_AS; pids cgroup
# control: breach
import threading
import time

print("REACHED", flush=True)
started = 0
try:
    for _ in range(min(@COUNT@, 5000)):
        threading.Thread(target=time.sleep, args=(0.2,), daemon=True).start()
        started += 1
except (RuntimeError, MemoryError):
    pass
print("started", started)
if started >= min(@COUNT@, 5000):
    print("BREACH: all threads were started", flush=True)
