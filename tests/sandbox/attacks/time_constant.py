# attack: none: the harmless program that the others are measured by
# wanted: OK
# after: its output is exact
# wall: none needed
# control: same
print("REACHED", flush=True)
print("The answer is", 6 * 7)
