# attack: the harness's code in the interpreter, by replacing the call with which it leaves
# wanted: OK or RE or TLE
# after: the next program runs
# wall: each run has its own process
# control: same
import os

print("REACHED", flush=True)
os._exit = lambda code: None
