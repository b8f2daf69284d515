# attack: services of the machine, by an abstract UNIX socket
# wanted: RE
# after: the listener saw no connection
# wall: seccomp (socket); network namespace; Landlock's scope of abstract sockets
# control: breach
import socket

print("REACHED", flush=True)
connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
connection.connect("\0@ABSTRACT@")
print("BREACH: connected", flush=True)
