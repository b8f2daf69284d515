# attack: the harness's files, by their status alone: Landlock does not hide it
# wanted: OK
# after: nothing
# wall: own root
# control: breach
# levels: A B D
import os

print("REACHED", flush=True)
try:
    print("BREACH: size", os.stat("@SECRET@").st_size, flush=True)
except OSError as error:
    print("refused", error.errno)
