# attack: path rules, by a symbolic link in the private folder to a file outside
# wanted: RE
# after: nothing of it in the output
# wall: own root; Landlock
# control: breach
import os

print("REACHED", flush=True)
for folder in (os.environ.get("HOME", ""), os.environ.get("TMPDIR", ""), "/tmp", ".", "/var/tmp"):
    link = os.path.join(folder, "@MARK@")
    try:
        os.symlink("@SECRET@", link)
    except OSError as error:
        print(folder, error.errno)
        continue
    try:
        with open(link) as file:
            print("BREACH:", file.readline(), flush=True)
    finally:
        os.unlink(link)
    break
else:
    raise SystemExit("no folder to link in")
