# attack: the harness's folders, by listing what is around it
# wanted: OK
# after: nothing of it in the output
# wall: own root; Landlock
# control: breach
import os

print("REACHED", flush=True)
for folder in ("@FOLDER@", "@HARNESS@", "/root", "/home", "/var/lib", "/var/log", "/boot", "/opt", "/mnt", "/srv"):
    try:
        names = os.listdir(folder)
    except OSError as error:
        print(folder, error.errno)
        continue
    if names:
        print("BREACH:", folder, names[:3], flush=True)
