# attack: the input of other runs, which share the file behind it
# wanted: OK or RE
# after: the next program's input is complete
# wall: the input is sealed and opened for reading
# control: breach
# stdin: 1000
import os

print("REACHED", flush=True)
for attempt in ("write", "reopen", "truncate", "proc"):
    try:
        if attempt == "write":
            os.pwrite(0, b"overwritten", 0)
        elif attempt == "reopen":
            os.pwrite(os.open("/dev/stdin", os.O_RDWR), b"overwritten", 0)
        elif attempt == "truncate":
            os.truncate("/dev/stdin", 0)
        else:
            os.pwrite(os.open("/proc/self/fd/0", os.O_RDWR), b"overwritten", 0)
        print("BREACH: input changed by", attempt, flush=True)
    except OSError as error:
        print(attempt, error.errno)
