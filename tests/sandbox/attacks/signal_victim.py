# attack: a process of the harness's user, by SIGKILL to its number
# wanted: RE
# after: the process is alive
# wall: pid namespace; seccomp; dedicated user
# control: breach
import os
import signal

print("REACHED", flush=True)
os.kill(@VICTIM@, signal.SIGKILL)
print("BREACH: killed", @VICTIM@, flush=True)
