# attack: the network, by the resolver of the C library
# wanted: RE
# after: nothing
# wall: seccomp (socket); network namespace
# control: run
import socket

print("REACHED", flush=True)
socket.getaddrinfo("name.invalid", 80)
print("BREACH: resolved", flush=True)
