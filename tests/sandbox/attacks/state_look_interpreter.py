# attack: the program before, by looking for what it changed in the interpreter
# wanted: OK
# after: its output is exact
# wall: each run has its own copy of the interpreter's memory
# control: same
# follows: state_poison
import builtins
import heapq
import math
import os
import sys

print("REACHED", flush=True)
found = [hasattr(builtins, "poisoned"), hasattr(heapq, "poisoned"), hasattr(math, "poisoned"), "POISONED" in os.environ,
         sys.getrecursionlimit() < 500, "/poisoned" in sys.path, sys.getswitchinterval() > 0.5, str(int("249") + 1) != "250"]
print("BREACH: poisoned" if any(found) else "clean", found)
