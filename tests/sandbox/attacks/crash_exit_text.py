# attack: none: sys.exit with a text is an error, and the text goes to stderr
# wanted: RE
# after: nothing
# wall: none needed
# exit: 1
# control: same
import sys

print("REACHED", flush=True)
sys.exit("the end")
