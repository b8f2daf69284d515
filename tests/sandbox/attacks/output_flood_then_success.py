# attack: the output limit, reached with its signal ignored; the program then ends well
# wanted: OLE
# after: the output is cut at its limit
# wall: the size is compared with the limit
# control: flood
import os
import signal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
print("REACHED", flush=True)
for _ in range(min(@COUNT@, 300)):
    try:
        os.write(1, b"x" * 10240)
    except OSError:
        pass
os._exit(0)
