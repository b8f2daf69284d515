# attack: the CPU limit, by threads that use several cores at once within the wall limit
# wanted: TLE
# after: CPU time of all threads is counted
# wall: CPU time of the process by rusage, RLIMIT_CPU
# control: breach
# cpu: 0.4
# time: 4
import hashlib
import threading
import time

print("REACHED", flush=True)
block = b"x" * (1 << 20)


def work():
    while time.process_time() < 1.0:
        hashlib.sha256(block)


threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
if time.process_time() > 0.95:
    print("BREACH: used", time.process_time(), "seconds of CPU", flush=True)
