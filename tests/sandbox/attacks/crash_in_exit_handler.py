# attack: none: an exception in an exit handler loses no output
# wanted: OK
# after: its output is exact
# wall: none needed
# control: same
import atexit

atexit.register(lambda: 1 / 0)
atexit.register(lambda: print("printed at exit"))
print("REACHED", flush=True)
print("printed before")
