# attack: the process that started the program, by its memory in /proc
# wanted: RE
# after: nothing
# wall: other user or undumpable parent; own /proc, or none; Landlock
# control: breach
import os

print("REACHED", flush=True)
with open(f"/proc/{os.getppid()}/mem", "r+b", buffering=0):
    print("BREACH: parent's memory", flush=True)
