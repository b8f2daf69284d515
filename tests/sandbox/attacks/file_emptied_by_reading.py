# attack: the harness's files, by opening them for reading in a way that empties them
# wanted: OK
# after: the file is unchanged
# wall: read-only mounts; Landlock from its third version; seccomp (flags of open)
# control: breach
import os

print("REACHED", flush=True)
try:
    os.close(os.open("@TARGET@", os.O_RDONLY | os.O_TRUNC))
    print("BREACH: emptied", flush=True)
except OSError as error:
    print(error.errno)
