# attack: the reader of the output, by seals on the file behind it
# wanted: OK or RE
# after: the next program's output is complete
# wall: seals are closed, or harmless
# control: run
import fcntl

print("REACHED", flush=True)
for seal in (16, 8, 4, 2, 1):
    try:
        fcntl.fcntl(1, 1033, seal)
    except OSError:
        pass
