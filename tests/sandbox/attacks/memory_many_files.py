# attack: storage, by many files in the private folder that are small enough each
# wanted: OK or OLE or RE or TLE or MLE
# after: no file is left
# wall: size of the tmpfs
# control: breach
import os

print("REACHED", flush=True)
for folder in (os.environ.get("HOME", ""), os.environ.get("TMPDIR", ""), "/tmp", ".", "/var/tmp"):
    try:
        os.mkdir(os.path.join(folder, "@MARK@"))
    except OSError:
        continue
    written = 0
    files = []
    try:
        for i in range(@COUNT@):
            with open(os.path.join(folder, "@MARK@", str(i)), "wb", buffering=0) as file:
                files.append(file.name)
                written += file.write(b"x" * 500000)
            if written >> 20 > @SCRATCH@:
                print("BREACH:", written >> 20, "MiB in", folder, flush=True)
                break
    except OSError as error:
        print("stopped", error.errno)
    for name in files:
        os.unlink(name)
    os.rmdir(os.path.join(folder, "@MARK@"))
    break
