# attack: privileges, by exec of a set-user-id program
# wanted: RE or OK
# after: nothing
# wall: no_new_privs; nosuid mounts; Landlock
# control: breach
# control-needs: root
# control-as: nobody
import os

print("REACHED", flush=True)
code = "import os; print('BREACH: effective user', os.geteuid()) if os.geteuid() != os.getuid() else None"
os.execv("@SETUID@", ["env", "/usr/bin/python3", "-S", "-c", code])
