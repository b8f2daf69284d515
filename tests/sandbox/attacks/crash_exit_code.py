# attack: none: an exit code that is not 0 is an error
# wanted: RE
# after: nothing
# wall: none needed
# exit: 3
# control: same
import sys

print("REACHED", flush=True)
sys.exit(3)
