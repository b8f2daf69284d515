# attack: the output limit, with its signal ignored and its errors caught
# wanted: OLE
# after: the output is cut at its limit
# wall: RLIMIT_FSIZE on a memfd; the size is compared with the limit
# control: flood
import os
import signal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
print("REACHED", flush=True)
for _ in range(@COUNT@):
    try:
        os.write(1, b"x" * 10240)
    except OSError:
        pass
