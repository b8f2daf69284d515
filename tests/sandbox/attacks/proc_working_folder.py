# attack: the harness's folder, by the working folder it left open
# wanted: OK
# after: nothing
# wall: chdir before the program starts
# control: breach
import os

print("REACHED", flush=True)
try:
    names = os.listdir(".")
    if any("@MARK@" in name or name in ("CMakeLists.txt", "secret", "target", "attack.py") for name in names):
        print("BREACH:", os.getcwd(), names, flush=True)
except OSError as error:
    print(error.errno)
