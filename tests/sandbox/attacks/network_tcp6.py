# attack: the network, by a TCP connection over IPv6 sockets
# wanted: RE
# after: the listener saw no connection
# wall: seccomp (socket); network namespace; Landlock
# control: breach
import socket

print("REACHED", flush=True)
connection = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
connection.settimeout(1)
connection.connect(("::ffff:127.0.0.1", @TCP_PORT@))
print("BREACH: connected", flush=True)
