# attack: process creation, by one fork
# wanted: OK
# after: no process more than before
# wall: seccomp
# control: breach
# prints: EPERM
import errno
import os

print("REACHED", flush=True)
try:
    if os.fork() == 0:
        print("BREACH: a child", flush=True)
        os._exit(0)
    os.wait()
except OSError as error:
    print(errno.errorcode[error.errno])
