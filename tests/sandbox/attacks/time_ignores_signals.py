# attack: limits that are announced by signals: it ignores every signal that can be ignored, then spins
# wanted: TLE
# after: the process is gone
# wall: SIGKILL by pidfd
# control: endless
import signal

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
print("REACHED", flush=True)
while True:
    pass
