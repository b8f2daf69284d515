# attack: limits that are announced by signals: it blocks them all, then spins
# wanted: TLE
# after: the process is gone
# wall: SIGKILL by pidfd
# control: endless
import signal

signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
print("REACHED", flush=True)
while True:
    pass
