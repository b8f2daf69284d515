# attack: storage, by one file in the private folder that grows without end
# wanted: OK or OLE or RE
# after: no file is left
# wall: RLIMIT_FSIZE; size of the tmpfs
# control: breach
import os

print("REACHED", flush=True)
for folder in (os.environ.get("HOME", ""), os.environ.get("TMPDIR", ""), "/tmp", ".", "/var/tmp"):
    try:
        file = open(os.path.join(folder, "@MARK@"), "wb", buffering=0)
    except OSError:
        continue
    os.unlink(file.name)
    written = 0
    try:
        for _ in range(@COUNT@):
            written += file.write(b"x" * (1 << 20))
            if written >> 20 > @SCRATCH@:
                print("BREACH:", written >> 20, "MiB in", folder, flush=True)
                break
    except OSError as error:
        print("stopped", error.errno)
    break
