# attack: none: the program is the main module
# wanted: OK
# after: its output is exact
# wall: none needed
# control: same
import sys

print("REACHED", flush=True)
print(__name__, sys.modules["__main__"].__dict__ is globals())
