# attack: none: reading address 0 ends the program
# wanted: RE
# after: no core file
# wall: none needed
# signal: 11
# control: same
import ctypes

print("REACHED", flush=True)
ctypes.string_at(0)
