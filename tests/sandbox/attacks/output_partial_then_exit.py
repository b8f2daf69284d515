# attack: none: what is not flushed when the program leaves at once is lost
# wanted: OK
# after: its output is exact
# wall: none needed
# control: same
import os

print("REACHED", flush=True)
print("half of the ans", end="")
os._exit(0)
