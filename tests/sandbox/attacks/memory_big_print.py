# attack: memory, by formatting one huge text
# wanted: MLE or RE or OLE
# after: the machine's memory is as before; output within its limit
# wall: RLIMIT_AS; RLIMIT_FSIZE
# control: flood
print("REACHED", flush=True)
print("x" * ((@COUNT@ // 50 + 1) << 20))
