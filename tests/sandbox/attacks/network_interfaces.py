# attack: the machine's addresses, by what the system tells of it
# wanted: OK
# after: nothing of it in the output
# wall: UTS namespace; own /proc or none; Landlock
# control: breach
# levels: A B
import os

print("REACHED", flush=True)
if os.uname().nodename == "@HOST@":
    print("BREACH: host name", flush=True)
for path in ("/proc/net/route", "/proc/net/arp", "/proc/net/tcp", "/etc/hosts", "/etc/resolv.conf"):
    try:
        with open(path) as file:
            lines = file.read().splitlines()
        if len(lines) > 1:
            print("BREACH:", path, flush=True)
    except OSError as error:
        print(path, error.errno)
