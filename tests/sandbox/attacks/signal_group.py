# attack: the processes started with it, by SIGKILL to the process group
# wanted: RE
# after: the next program runs
# wall: seccomp (kill of others); own session
# control: kill
import os
import signal

print("REACHED", flush=True)
os.kill(0, signal.SIGKILL)
print("BREACH: killed the group", flush=True)
