# attack: a reader by lines, by one line longer than the output limit
# wanted: OLE
# after: the output is cut at its limit
# wall: RLIMIT_FSIZE on a memfd
# control: flood
import sys

print("REACHED", flush=True)
sys.stdout.write("x" * (5 << 20))
