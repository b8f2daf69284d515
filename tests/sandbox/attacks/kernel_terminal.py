# attack: the harness's terminal, by opening it
# wanted: RE
# after: nothing
# wall: own session; own /dev; Landlock
# control: breach
# control-in: terminal
import os

print("REACHED", flush=True)
os.open("/dev/tty", os.O_RDWR)
print("BREACH: the terminal", flush=True)
