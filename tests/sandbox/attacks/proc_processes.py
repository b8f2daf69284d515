# attack: other processes, by the list in /proc
# wanted: OK
# after: nothing
# wall: pid namespace and own /proc, or none; Landlock
# control: breach
import os

print("REACHED", flush=True)
try:
    names = [name for name in os.listdir("/proc") if name.isdigit()]
except OSError as error:
    names = []
    print(error.errno)
for pid in set(names) | {"@VICTIM@", "@HARNESS_PID@"}:
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            command = file.read()
        if b"@PROCESS_MARK@" in command:
            print("BREACH: sees", pid, command, flush=True)
    except OSError:
        pass
