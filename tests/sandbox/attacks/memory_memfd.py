# attack: memory that belongs to no address space, by memfd_create
# wanted: OK
# after: the machine's memory is as before
# wall: seccomp
# control: breach
# prints: memfd_create EPERM
import errno
import os

print("REACHED", flush=True)
try:
    fd = os.memfd_create("attack")
    os.write(fd, b"x" * 1000)
    print("BREACH: memfd_create", flush=True)
except OSError as error:
    print("memfd_create", errno.errorcode[error.errno])
