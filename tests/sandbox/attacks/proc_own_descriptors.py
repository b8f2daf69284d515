# attack: descriptors of the harness, by listing one's own
# wanted: OK
# after: nothing
# wall: close_range before the program starts
# control: breach
# control-in: open descriptor
import os

print("REACHED", flush=True)
try:
    for name in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink("/proc/self/fd/" + name)
        except OSError:  # the listing's own
            continue
        print(name)
        if int(name) > 2:
            print("BREACH:", name, target, flush=True)
except OSError as error:
    print(error.errno)
