# attack: the root of the machine, by the root link of the first process
# wanted: RE or OK
# after: nothing of it in the output
# wall: pid namespace; own root; Landlock
# control: breach
# control-needs: root
import os

print("REACHED", flush=True)
for pid in (1, os.getppid()):
    try:
        print(os.readlink(f"/proc/{pid}/root"))
        with open(f"/proc/{pid}/root" + "@SECRET@") as file:
            print("BREACH:", file.readline(), flush=True)
    except OSError as error:
        print(error.errno)
