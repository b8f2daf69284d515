# attack: the reader of the output, by a thread that shrinks and grows it while the program ends
# wanted: OK or RE or OLE or TLE
# after: the harness is alive
# wall: the output is read when the program is dead
# reaches: no
# control: run
import os
import threading
import time

print("REACHED", flush=True)


def shake():
    while True:
        os.ftruncate(1, 0)
        os.pwrite(1, b"REACHED\n" + b"y" * 900000, 0)


threading.Thread(target=shake, daemon=True).start()
time.sleep(0.05)
os._exit(0)
