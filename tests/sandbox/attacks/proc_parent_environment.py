# attack: the process that started the program, by its environment in /proc
# wanted: RE
# after: nothing of it in the output
# wall: other user or undumpable parent; own /proc, or none; Landlock
# control: breach
import os

print("REACHED", flush=True)
with open(f"/proc/{os.getppid()}/environ", "rb") as file:
    print("BREACH:", file.read(100), flush=True)
