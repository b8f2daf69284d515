# attack: the harness's files, by changing the times of one: Landlock has no rule for it
# wanted: OK
# after: the file is unchanged
# wall: own root; seccomp
# control: breach
import os

print("REACHED", flush=True)
try:
    os.utime("@TARGET@")
    print("BREACH: times", flush=True)
except OSError as error:
    print(error.errno)
