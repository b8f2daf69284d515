# attack: process creation, by a shell
# wanted: OK
# after: no process more than before
# wall: seccomp
# control: breach
import os

print("REACHED", flush=True)
code = os.system("exit 3")
if code == 3 << 8:
    print("BREACH: a shell ran", flush=True)
