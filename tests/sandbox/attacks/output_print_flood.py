# attack: the output limit, by print without end
# wanted: OLE
# after: the output is cut at its limit
# wall: RLIMIT_FSIZE on a memfd
# control: flood
print("REACHED", flush=True)
for _ in range(@COUNT@):
    print("x" * 10239)
