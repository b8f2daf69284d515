# attack: memory behind the output, by allocation without a write
# wanted: OLE or RE
# after: the output is cut at its limit
# wall: RLIMIT_FSIZE on a memfd
# control: flood
import os

print("REACHED", flush=True)
os.posix_fallocate(1, 0, min(@COUNT@, 200) << 20)
