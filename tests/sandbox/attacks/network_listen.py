# attack: the network, by a listener of its own
# wanted: RE
# after: nothing listens
# wall: seccomp (socket); network namespace; Landlock
# control: breach
import socket

print("REACHED", flush=True)
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind(("127.0.0.1", 0))
listener.listen()
print("BREACH: listens", flush=True)
