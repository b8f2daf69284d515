# attack: the network, by multipath TCP, which Landlock does not know
# wanted: RE
# after: the listener saw no connection
# wall: seccomp (socket); network namespace
# control: breach or absent
import errno
import socket

print("REACHED", flush=True)
try:
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)
except OSError as error:
    if error.errno in (errno.EPROTONOSUPPORT, errno.ENOPROTOOPT):
        print("ABSENT")
    raise
connection.settimeout(1)
connection.connect(("127.0.0.1", @TCP_PORT@))
print("BREACH: connected", flush=True)
