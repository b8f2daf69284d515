# attack: limits that need a bytecode boundary: one call into C that lasts for hours
# wanted: TLE
# after: the process is gone
# wall: supervisor's timer
# control: endless
print("REACHED", flush=True)
sum(range(10**12))
