# attack: the next program, by changing the interpreter under it
# wanted: OK or RE
# after: the next program finds a clean interpreter
# wall: each run has its own copy of the interpreter's memory
# control: run
import builtins
import ctypes
import os
import random
import sys
import types

print("REACHED", flush=True)
builtins.poisoned = True
builtins.input = lambda *_: "poisoned"
fake = types.ModuleType("heapq")
fake.poisoned = True
sys.modules["heapq"] = fake
sys.modules["math"].poisoned = True if "math" in sys.modules else None
os.environ["POISONED"] = "1"
random.seed(1)
sys.setrecursionlimit(77)
sys.path.insert(0, "/poisoned")
sys.setswitchinterval(1.0)
ctypes.c_uint32.from_address(id(250) + 24).value = 251
