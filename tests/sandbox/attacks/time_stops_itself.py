# attack: the supervisor's waiting: the program stops itself, so that it is neither running nor dead
# wanted: TLE or RE
# after: the stopped process is gone
# wall: seccomp (kill), else the timer and SIGKILL
# control: endless
import os
import signal

print("REACHED", flush=True)
os.kill(os.getpid(), signal.SIGSTOP)
raise SystemExit(1)
