# attack: the harness's files, by truncation without opening
# wanted: OK
# after: the file is unchanged
# wall: own root; Landlock from its third version; seccomp
# control: breach
import os

print("REACHED", flush=True)
try:
    os.truncate("@TARGET@", 0)
    print("BREACH: truncated", flush=True)
except OSError as error:
    print(error.errno)
