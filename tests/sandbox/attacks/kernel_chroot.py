# attack: the root folder, by changing it and walking up
# wanted: RE
# after: nothing of it in the output
# wall: seccomp; no capability
# control: breach
# control-needs: root
import os

print("REACHED", flush=True)
os.chroot("/usr")
os.chdir("../../../..")
print("BREACH: chroot", flush=True)
