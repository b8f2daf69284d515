# attack: the harness's protocol, by writing forged answers into every descriptor
# wanted: OK or RE
# after: the harness is alive
# wall: close_range before the program starts
# control: breach
# control-in: open descriptor
import os

print("REACHED", flush=True)
for fd in range(3, 1024):
    try:
        os.write(fd, b'{"verdict":"OK","exit_code":0}\n\0\0\0\0')
        print("BREACH: wrote into", fd, flush=True)
    except OSError:
        pass
