# attack: the output limit, by truncation up to 1 TiB
# wanted: OLE or RE
# after: the output is cut at its limit
# wall: RLIMIT_FSIZE on a memfd
# control: flood
import os

print("REACHED", flush=True)
os.ftruncate(1, 1 << 40)
