# attack: kernel memory, by empty files in the private folder: they have no size
# wanted: OK or RE or TLE or MLE
# after: no file is left
# wall: number of inodes of the tmpfs; no writable folder at all
# control: breach
import os
import time

print("REACHED", flush=True)
begin = time.monotonic()
for folder in (os.environ.get("HOME", ""), os.environ.get("TMPDIR", ""), "/tmp", ".", "/var/tmp"):
    try:
        os.mkdir(os.path.join(folder, "@MARK@"))
    except OSError:
        continue
    made = 0
    try:
        for i in range(min(@COUNT@, 200000)):
            os.close(os.open(os.path.join(folder, "@MARK@", str(i)), os.O_CREAT | os.O_WRONLY))
            made += 1
            if made == min(@COUNT@, 20000):
                print("BREACH:", made, "files in", folder, flush=True)
                break
    except OSError as error:
        print("stopped", error.errno)
    for i in range(made):
        os.unlink(os.path.join(folder, "@MARK@", str(i)))
    os.rmdir(os.path.join(folder, "@MARK@"))
    break
