# attack: later programs, by a new file where libraries and modules are looked for
# wanted: RE
# after: no file is left
# wall: read-only mounts; Landlock; ordinary user
# control: breach
import os
import sys

print("REACHED", flush=True)
for folder in ["@FOLDER@", "/usr", "/usr/bin", "/usr/lib", "/lib", "/etc", "/"] + sys.path:
    try:
        open(os.path.join(folder, "@MARK@"), "w").close()
        print("BREACH: created in", folder, flush=True)
        break
    except OSError as error:
        print(folder, error.errno)
else:
    raise SystemExit(1)
