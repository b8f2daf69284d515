# attack: none: output that cannot be written is an error
# wanted: RE
# after: nothing
# wall: none needed
# exit: 120
# control: same
import os

print("REACHED", flush=True)
os.close(1)
print("lost")
