# attack: privileges, by becoming the superuser
# wanted: RE
# after: nothing
# wall: seccomp; no capability
# control: breach
# control-needs: root
import os

print("REACHED", flush=True)
done = 0
for name, attempt in (("user", lambda: os.setresuid(0, 0, 0)), ("group", lambda: os.setresgid(0, 0, 0)),
                      ("groups", lambda: os.setgroups([0])), ("other user", lambda: os.setuid(12345))):
    try:
        attempt()
        print("BREACH:", name, flush=True)
        done += 1
    except OSError as error:
        print(name, error.errno)
raise SystemExit(0 if done else 1)
