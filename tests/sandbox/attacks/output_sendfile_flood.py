# attack: the output limit, by copies in the kernel from the input
# wanted: OLE or RE
# after: the output is cut at its limit
# wall: RLIMIT_FSIZE on a memfd
# control: flood
# stdin: 100000
import os

print("REACHED", flush=True)
for _ in range(@COUNT@):
    if os.sendfile(1, 0, 0, 100000) == 0:
        raise SystemExit("nothing copied")
