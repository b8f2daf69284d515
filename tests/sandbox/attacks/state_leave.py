# attack: the next program, by files left for it wherever they can be made
# wanted: OK or RE
# after: no file is left
# wall: fresh private folder for each run
# control: run
import os

print("REACHED", flush=True)
for folder in (os.environ.get("HOME", ""), os.environ.get("TMPDIR", ""), "/tmp", ".", "/dev/shm", "/var/tmp"):
    try:
        with open(os.path.join(folder, "left-@MARK@"), "w") as file:
            file.write("left")
        print("left in", folder)
    except OSError:
        pass
