# attack: none: a program that is no Python is an error of the program; this one prints nothing
# wanted: RE or CE
# after: nothing
# wall: none needed
# reaches: no
# control: same
print("REACHED", flush=True)
def (
