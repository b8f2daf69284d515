# attack: the process that started the program, by SIGKILL
# wanted: RE
# after: the next program runs
# wall: seccomp (kill of others); Landlock's scope of signals
# control: breach
import os
import signal

print("REACHED", flush=True)
os.kill(os.getppid(), signal.SIGKILL)
print("BREACH: killed the parent", flush=True)
