# attack: the wall limit, by threads that outlive the main thread
# wanted: TLE
# after: no thread is left
# wall: supervisor's timer and SIGKILL of the thread group
# control: endless
import threading
import time

for _ in range(8):
    threading.Thread(target=time.sleep, args=(100,)).start()
print("REACHED", flush=True)
