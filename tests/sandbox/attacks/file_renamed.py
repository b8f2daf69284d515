# attack: the harness's files, by renaming and exchanging
# wanted: OK
# after: the file is there
# wall: own root; Landlock
# control: breach
import os

print("REACHED", flush=True)
try:
    os.rename("@TARGET@", "@TARGET@.@MARK@")
    print("BREACH: renamed", flush=True)
except OSError as error:
    print(error.errno)
