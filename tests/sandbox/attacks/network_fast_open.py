# attack: the network, by a connection that sendto() opens
# wanted: RE
# after: the listener saw no connection
# wall: seccomp (socket); network namespace
# control: breach
import socket

print("REACHED", flush=True)
connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
connection.sendto(b"attack", 0x20000000, ("127.0.0.1", @TCP_PORT@))
print("BREACH: connected", flush=True)
