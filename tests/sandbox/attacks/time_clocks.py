# attack: none: clocks, random numbers and the kernel's entropy must work
# wanted: OK
# after: its output is exact
# wall: none needed
# control: same
# library: the devices
import os
import random
import secrets
import time

print("REACHED", flush=True)
begin = time.monotonic()
time.sleep(0.001)
assert time.monotonic() > begin and time.time() > 1.6e9 and time.perf_counter() > 0
assert len(os.urandom(16)) == 16 and secrets.randbelow(10) < 10 and 0 <= random.random() < 1
with open("/dev/urandom", "rb") as file:
    assert len(file.read(8)) == 8
print("clocks and random numbers work")
