# attack: the output limit, by raw writes without end
# wanted: OLE
# after: the output is cut at its limit
# wall: RLIMIT_FSIZE on a memfd
# control: flood
import os

print("REACHED", flush=True)
for _ in range(@COUNT@):
    os.write(1, b"x" * 10240)
