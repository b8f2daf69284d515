# attack: the harness's files, by giving one away
# wanted: OK
# after: the file is unchanged
# wall: own root; seccomp; no capability
# control: breach
import os

print("REACHED", flush=True)
try:
    os.chown("@TARGET@", -1, @GID@)
    print("BREACH: owner", flush=True)
except OSError as error:
    print(error.errno)
