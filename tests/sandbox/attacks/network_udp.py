# attack: the network, by a datagram that asks for a name
# wanted: RE
# after: the listener saw no datagram
# wall: seccomp (socket); network namespace
# control: breach
import socket

print("REACHED", flush=True)
query = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07example\x03com\x00\x00\x01\x00\x01"
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(query, ("127.0.0.1", @UDP_PORT@))
print("BREACH: sent", flush=True)
