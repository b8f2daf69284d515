# attack: none: a full device is an error of the program
# wanted: RE
# after: nothing
# wall: none needed
# exit: 1
# control: same
print("REACHED", flush=True)
with open("/dev/full", "w") as file:
    file.write("x" * 100000)
