# attack: the output limit, by writes at positions of its choice that leave holes
# wanted: OLE or RE
# after: the output is cut at its limit
# wall: RLIMIT_FSIZE on a memfd
# control: flood
import os

print("REACHED", flush=True)
for i in range(1, min(@COUNT@, 1000)):
    os.pwrite(1, b"x", i << 20)
