# attack: the harness's files, by extended attributes: Landlock has no rule for them
# wanted: OK
# after: the file is unchanged
# wall: own root; seccomp; dedicated user
# control: breach
import os

print("REACHED", flush=True)
try:
    os.setxattr("@TARGET@", "user.attack", b"x")
    print("BREACH: attribute", flush=True)
except OSError as error:
    print(error.errno)
