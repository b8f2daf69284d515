# attack: other programs of the same user, by descriptors in flight: the kernel counts them for the user, and then lets nobody send one
# wanted: OK
# after: the next program runs
# wall: seccomp (sendmsg, sendmmsg)
# control: breach
import array
import os
import socket

print("REACHED", flush=True)
one, other = socket.socketpair()
end = os.pipe()[0]
rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [end] * 60))]
for _ in range(2):
    try:
        one.sendmsg([b"x"], rights)
        print("BREACH: descriptors in flight", flush=True)
    except OSError as error:
        print(error.errno)
