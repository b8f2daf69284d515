# attack: the output limit, by a seek to 1 TiB and one byte
# wanted: OLE
# after: the output is cut at its limit
# wall: RLIMIT_FSIZE on a memfd
# control: flood
import os

print("REACHED", flush=True)
os.lseek(1, 1 << 40, os.SEEK_SET)
os.write(1, b"x")
