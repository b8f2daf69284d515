# attack: the harness's files, by removing one
# wanted: OK
# after: the file is there
# wall: own root; Landlock
# control: breach
import os

print("REACHED", flush=True)
try:
    os.unlink("@TARGET@")
    print("BREACH: removed", flush=True)
except OSError as error:
    print(error.errno)
