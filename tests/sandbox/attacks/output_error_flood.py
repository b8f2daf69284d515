# attack: the limit of the error output, by text without end
# wanted: OLE or RE
# after: the output is cut at its limit
# wall: RLIMIT_FSIZE on a memfd
# control: flood
import sys

print("REACHED", flush=True)
for _ in range(@COUNT@):
    sys.stderr.write("x" * 10240)
