# attack: the time limit, by one multiplication of huge integers
# wanted: TLE or RE or MLE
# after: the process is gone
# wall: supervisor's timer; memory limit
# control: endless
print("REACHED", flush=True)
3 ** (10**9)
