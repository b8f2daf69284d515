# attack: services of the machine, by a UNIX socket with a path
# wanted: RE
# after: the listener saw no connection
# wall: seccomp (socket); own root
# control: breach
import socket

print("REACHED", flush=True)
connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
connection.connect("@FOLDER@/socket")
print("BREACH: connected", flush=True)
