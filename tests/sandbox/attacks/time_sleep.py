# attack: the wall limit, by sleeping: no CPU time is used
# wanted: TLE
# after: the process is gone
# wall: supervisor's timer
# control: endless
# cpu-below: 0.3
import time

print("REACHED", flush=True)
time.sleep(100)
