# attack: every process, by SIGKILL to -1
# wanted: RE
# after: the next program runs
# wall: seccomp (kill of others); pid namespace
# control: breach
# control-needs: root
# control-in: pid namespace
import os
import signal

print("REACHED", flush=True)
os.kill(-1, signal.SIGKILL)
print("BREACH: killed everyone", flush=True)
