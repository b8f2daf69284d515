# attack: none: a program that needs most of its limit must not be cut
# wanted: OK
# after: its output is exact
# wall: none needed
# control: same
# time: 1
import time

print("REACHED", flush=True)
end = time.monotonic() + 0.6 * @WALL@
while time.monotonic() < end:
    pass
print("done in time")
