# attack: system programs, by a hard link into the private folder
# wanted: RE
# after: no file is left
# wall: other file system; Landlock
# control: breach
import os
import sys

print("REACHED", flush=True)
for source in ("@TARGET@", sys.executable or "/usr/bin/python3", os.__file__):
    for folder in (os.environ.get("HOME", ""), os.environ.get("TMPDIR", ""), "/tmp", "/var/tmp"):
        link = os.path.join(folder, "@MARK@")
        try:
            os.link(source, link)
        except OSError as error:
            print(folder, error.errno)
            continue
        os.unlink(link)
        print("BREACH: linked", source, flush=True)
        raise SystemExit(0)
raise SystemExit(1)
