# attack: limits that are raised as exceptions inside the program: it catches them all
# wanted: TLE
# after: the process is gone
# wall: supervisor's timer and SIGKILL
# control: endless
import time

print("REACHED", flush=True)
while True:
    try:
        time.sleep(10)
    except BaseException:
        pass
