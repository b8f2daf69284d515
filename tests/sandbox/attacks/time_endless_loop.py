# attack: the time limit, by an empty endless loop
# wanted: TLE
# after: the process is gone
# wall: supervisor's timer, RLIMIT_CPU behind it
# control: endless
print("REACHED", flush=True)
while True:
    pass
