# attack: core files, by abort()
# wanted: RE
# after: no core file
# wall: RLIMIT_CORE 0
# signal: 6
# control: same
import os

print("REACHED", flush=True)
os.abort()
