# attack: process creation, by posix_spawn (clone with CLONE_VM and CLONE_VFORK)
# wanted: OK
# after: no process more than before
# wall: seccomp
# control: breach
# prints: Error
import os

print("REACHED", flush=True)
for program in ("/bin/true", "/usr/bin/python3"):
    try:
        pid = os.posix_spawn(program, [program, "--version"], {})
        print("BREACH: pid", pid, flush=True)
        os.waitpid(pid, 0)
    except OSError as error:
        print(type(error).__name__)
