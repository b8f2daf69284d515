# attack: the time limit, by exponential backtracking
# wanted: TLE
# after: the process is gone
# wall: supervisor's timer
# control: endless
import re

print("REACHED", flush=True)
re.match(r"(a+)+$", "a" * 60 + "b")
