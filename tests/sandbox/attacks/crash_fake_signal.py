# attack: the verdict, by an exit code that looks like one of a signal or of the harness
# wanted: RE
# after: nothing
# wall: wait status
# exit: 137
# control: same
import os

print("REACHED", flush=True)
os._exit(137)
