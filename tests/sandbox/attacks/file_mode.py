# attack: the harness's files, by changing the mode of one: Landlock has no rule for it
# wanted: OK
# after: the file is unchanged
# wall: own root; seccomp; dedicated user
# control: breach
import os

print("REACHED", flush=True)
for path in ("@TARGET@", "@FOLDER@"):
    try:
        os.chmod(path, 0o777)
        print("BREACH: mode of", path, flush=True)
    except OSError as error:
        print(error.errno)
