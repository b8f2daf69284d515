# attack: none: a lone surrogate is no text
# wanted: RE
# after: nothing
# wall: none needed
# exit: 1
# control: same
print("REACHED", flush=True)
print("\ud800")
