# attack: secrets of the harness, by the environment
# wanted: OK
# after: nothing of it in the output
# wall: environment made anew
# control: breach
import os

print("REACHED", flush=True)
for name, value in sorted(os.environ.items()):
    if value.startswith("expected-" + "output-"):
        print("BREACH:", name, value, flush=True)
    print(name)
try:
    with open("/proc/self/environ", "rb") as file:
        if b"expected-" + b"output-" in file.read():
            print("BREACH: in /proc", flush=True)
except OSError as error:
    print(error.errno)
