# attack: kernel memory, by exec with 3 MB in one argument
# wanted: RE
# after: nothing
# wall: the kernel's limit of an argument; Landlock
# control: same
import os

print("REACHED", flush=True)
os.execv("/usr/bin/python3", ["python3", "-c", "print('BREACH')", "x" * 3_000_000])
