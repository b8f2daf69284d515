# attack: the host of a virtual machine, by AF_VSOCK
# wanted: RE
# after: nothing
# wall: seccomp (socket)
# control: breach or absent
import errno
import socket

print("REACHED", flush=True)
try:
    socket.socket(40, socket.SOCK_STREAM)
    print("BREACH: a socket", flush=True)
except OSError as error:
    if error.errno == errno.EAFNOSUPPORT:
        print("ABSENT")
    raise
