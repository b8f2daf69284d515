# attack: the chain of death: exec by another thread than the first, which does not inherit the signal of the parent's death
# wanted: TLE or RE
# after: the process is gone
# wall: seccomp (execve), else SIGKILL by pidfd; pid namespace
# control: endless
import os
import threading
import time

print("REACHED", flush=True)
program = ["python3", "-S", "-c", "import time; time.sleep(40)"]
thread = threading.Thread(target=os.execv, args=("/usr/bin/python3", program))
thread.start()
time.sleep(20)
