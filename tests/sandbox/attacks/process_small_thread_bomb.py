# attack: threads without end, with stacks so small that the memory limit does not see them
# wanted: OK or TLE or RE or MLE
# after: no thread is left
# wall: pids cgroup; RLIMIT_NPROC; RLIMIT_AS
# control: breach
import threading
import time

print("REACHED", flush=True)
threading.stack_size(32768)
started = 0
try:
    for _ in range(min(@COUNT@, 5000)):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        started += 1
except (RuntimeError, MemoryError):
    pass
print("started", started, flush=True)
if started >= min(@COUNT@, 5000):
    print("BREACH: all threads were started", flush=True)
