# attack: a side channel between programs, by leases and notifications on files that all of them see
# wanted: OK or RE
# after: no lease is left
# wall: seccomp (fcntl of leases and notifications)
# control: breach
# control-needs: root
import fcntl
import os

print("REACHED", flush=True)
for name, path, command, argument in (("lease", os.__file__, 1024, fcntl.F_RDLCK), ("notification", "/usr/lib", 1026, 1)):
    try:
        fcntl.fcntl(os.open(path, os.O_RDONLY), command, argument)
        print("BREACH:", name, flush=True)
    except OSError as error:
        print(name, error.errno)
