# attack: the program before, by looking for files that it left
# wanted: OK or RE
# after: no file is left
# wall: fresh private folder for each run
# control: breach
# follows: state_leave
import os

print("REACHED", flush=True)
for folder in (os.environ.get("HOME", ""), os.environ.get("TMPDIR", ""), "/tmp", ".", "/dev/shm", "/var/tmp"):
    path = os.path.join(folder, "left-@MARK@")
    if os.path.exists(path):
        print("BREACH: found", path, flush=True)
        os.unlink(path)
