# attack: the process that started the program, by its descriptors in /proc
# wanted: RE
# after: nothing
# wall: other user or undumpable parent; own /proc, or none; Landlock
# control: breach
import os

print("REACHED", flush=True)
names = os.listdir(f"/proc/{os.getppid()}/fd")
print("BREACH: parent's descriptors", names, flush=True)
