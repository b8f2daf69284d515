# attack: a time limit kept by alarms of the process itself
# wanted: TLE
# after: the process is gone
# wall: supervisor's timer
# control: endless
import signal

signal.alarm(0)
for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
    signal.setitimer(timer, 0)
print("REACHED", flush=True)
while True:
    pass
