# attack: the rule which files may be run, by exec of a file in memory
# wanted: OK or RE
# after: nothing
# wall: seccomp (memfd_create)
# control: breach
import os

print("REACHED", flush=True)
fd = os.memfd_create("program", 0)
os.write(fd, b"#!/usr/bin/python3 -S\nprint('BREACH: a program from memory', flush=True)\n")
os.execve(f"/proc/self/fd/{fd}", ["program"], {})
