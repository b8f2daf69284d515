# attack: the rule of sockets, by one end of a pair: a datagram pair can be connected elsewhere
# wanted: RE or OK
# after: the listener saw no datagram
# wall: seccomp (connect, sendto, sendmsg with an address); network namespace
# control: breach
import socket

print("REACHED", flush=True)
one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
for name, attempt in (("sendto", lambda: one.sendto(b"attack", "\0@ABSTRACT_DATAGRAM@")),
                      ("sendmsg", lambda: one.sendmsg([b"attack"], [], 0, "\0@ABSTRACT_DATAGRAM@")),
                      ("connect", lambda: one.connect("\0@ABSTRACT_DATAGRAM@"))):
    try:
        attempt()
        print("BREACH:", name, flush=True)
    except OSError as error:
        print(name, error.errno)
