# attack: the kernel's rarely used code, by sockets of every family
# wanted: OK
# after: nothing
# wall: seccomp (socket)
# control: breach
import socket

print("REACHED", flush=True)
for family in range(64) if @COUNT@ > 1000 else (1, 2, 10, 16):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        try:
            socket.socket(family, kind).close()
            print("BREACH: a socket of family", family, flush=True)
        except OSError:
            pass
