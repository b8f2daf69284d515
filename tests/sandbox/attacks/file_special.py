# attack: a reader of the private folder, by a symbolic link and a FIFO in it, which a careless reader follows or waits for
# wanted: OK
# after: no file is left
# wall: Landlock; no writable folder at all
# control: breach
import os

print("REACHED", flush=True)
for folder in (os.environ.get("HOME", ""), os.environ.get("TMPDIR", ""), "/tmp", ".", "/var/tmp"):
    path = os.path.join(folder, "@MARK@")
    for name, make in (("a link", lambda: os.symlink("/etc/passwd", path)), ("a FIFO", lambda: os.mkfifo(path))):
        try:
            make()
            print("BREACH:", name, "in", folder, flush=True)
            os.unlink(path)
        except OSError as error:
            print(folder, name, error.errno)
