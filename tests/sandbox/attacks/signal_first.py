# attack: the first process of the namespace, by SIGKILL
# wanted: RE
# after: the next program runs
# wall: seccomp (kill of others); the first process has another user
# control: breach
# control-needs: root
# control-in: pid namespace
import os
import signal

print("REACHED", flush=True)
os.kill(1, signal.SIGKILL)
print("BREACH: killed the first process", flush=True)
