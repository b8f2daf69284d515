# attack: the process that started the program, by lowering its limits
# wanted: OK
# after: the next program runs
# wall: seccomp (prlimit64 of others); other user
# control: breach
import os
import resource

print("REACHED", flush=True)
for pid in (os.getppid(), 1):
    for name in ("NOFILE", "CPU", "FSIZE"):
        number = getattr(resource, "RLIMIT_" + name)
        try:
            soft, hard = resource.prlimit(pid, number)
            if @COUNT@ > 1000:
                resource.prlimit(pid, number, (0, hard))
            print("BREACH:", name, "of", pid, soft, flush=True)
        except OSError as error:
            print(name, pid, error.errno)
