# attack: later programs, by writing over a module that they load
# wanted: RE
# after: the file is unchanged
# wall: read-only mounts; Landlock; ordinary user
# control: breach
import os

print("REACHED", flush=True)
for path in ("@TARGET@", os.__file__):
    try:
        with open(path, "r+b") as file:
            print("BREACH: can write", path, flush=True)
            break
    except OSError as error:
        print(error.errno)
else:
    raise SystemExit(1)
