# attack: none: all byte values pass unchanged
# wanted: OK
# after: its output is exact
# wall: none needed
# control: same
import sys

print("REACHED", flush=True)
sys.stdout.buffer.write(bytes(range(256)))
