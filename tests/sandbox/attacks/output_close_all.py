# attack: the harness, by closing every descriptor
# wanted: OK
# after: its output is exact
# wall: the harness holds its own descriptors
# control: same
import os

print("REACHED", flush=True)
os.closerange(0, 1024)
