# attack: other processes, by a descriptor that is told to signal them when it is ready
# wanted: OK or RE
# after: the process is alive
# wall: seccomp (F_SETOWN, F_SETSIG, O_ASYNC); pid namespace; Landlock's scope of signals
# control: kills
import fcntl
import os
import time

print("REACHED", flush=True)
for pid in (@VICTIM@, os.getppid(), 1):
    try:
        source, sink = os.pipe()
        fcntl.fcntl(source, fcntl.F_SETOWN, pid)
        fcntl.fcntl(source, 10, 9)  # F_SETSIG to SIGKILL
        fcntl.fcntl(source, fcntl.F_SETFL, os.O_NONBLOCK | os.O_ASYNC)
        os.write(sink, b"x")
        print("asked to signal", pid, flush=True)
    except OSError as error:
        print(pid, error.errno)
    if @COUNT@ < 1000:
        break
time.sleep(0.1)
