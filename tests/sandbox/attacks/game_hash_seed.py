# attack: none: hashes of strings are the same in every run
# wanted: OK
# after: its output is exact
# wall: none needed
# control: same
print("REACHED", flush=True)
print(hash("a text"), list({"one", "two", "three", "four"}))
