# attack: none: an uncaught exception is an error
# wanted: RE
# after: nothing
# wall: none needed
# exit: 1
# control: same
print("REACHED", flush=True)
print([][1])
