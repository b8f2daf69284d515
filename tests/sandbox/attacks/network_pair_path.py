# attack: services of the machine, by a datagram from one end of a pair to a UNIX socket with a path: Landlock has no rule for it
# wanted: RE or OK
# after: the socket saw no datagram
# wall: seccomp (pairs of streams only); own root
# control: breach
import socket

print("REACHED", flush=True)
for kind in (socket.SOCK_DGRAM, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK, socket.SOCK_RAW):
    try:
        one, _ = socket.socketpair(socket.AF_UNIX, kind)
        one.sendto(b"attack", "@FOLDER@/datagram-socket")
        print("BREACH: sent", flush=True)
    except OSError as error:
        print(int(kind), error.errno)
