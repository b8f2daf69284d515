# attack: kernel memory outside of the address space, by sockets with large buffers
# wanted: OK
# after: the machine's memory is as before
# wall: seccomp (setsockopt)
# control: breach
import socket

a, b = socket.socketpair()
print("REACHED", flush=True)
try:
    a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
    print("BREACH: a buffer of", a.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF), "bytes", flush=True)
except OSError as error:
    print("refused", error.errno)
