# attack: the network, by a TCP connection to a listener of the test
# wanted: RE
# after: the listener saw no connection
# wall: seccomp (socket); network namespace; Landlock
# control: breach
import socket

print("REACHED", flush=True)
socket.create_connection(("127.0.0.1", @TCP_PORT@), timeout=1).sendall(b"attack")
print("BREACH: connected", flush=True)
