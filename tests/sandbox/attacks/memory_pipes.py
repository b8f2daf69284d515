# attack: kernel memory, by pipes that are enlarged to 1 MiB each
# wanted: OK
# after: the machine's memory is as before
# wall: seccomp (F_SETPIPE_SZ); RLIMIT_NOFILE
# control: breach
import fcntl
import os

print("REACHED", flush=True)
pipes = 0
try:
    for _ in range(300):
        end = os.pipe()[1]
        fcntl.fcntl(end, 1031, 1 << 20)
        pipes += 1
        if pipes == 48:
            print("BREACH:", pipes, "pipes of 1 MiB", flush=True)
            break
except OSError as error:
    print("stopped at", pipes, error.errno)
