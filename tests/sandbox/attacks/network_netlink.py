# attack: the machine's network settings, by netlink
# wanted: RE
# after: nothing
# wall: seccomp (socket)
# control: breach
import socket

print("REACHED", flush=True)
for protocol in (0, 4, 12, 15, 16):
    try:
        socket.socket(16, socket.SOCK_RAW, protocol)
        print("BREACH: a socket of protocol", protocol, flush=True)
        break
    except OSError as error:
        print(protocol, error.errno)
else:
    raise SystemExit(1)
