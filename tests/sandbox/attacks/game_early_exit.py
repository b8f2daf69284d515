# attack: the verdict, by leaving well before the work is done
# wanted: OK
# after: its output is exact
# wall: the output decides
# control: same
print("REACHED", flush=True)
exit(0)
print("never printed")
