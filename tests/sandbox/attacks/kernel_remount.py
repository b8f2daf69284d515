# attack: read-only mounts, by mounting them writable
# wanted: OK
# after: nothing
# wall: seccomp; no capability
# control: breach
# control-needs: root
# control-in: mount namespace
# prints: EPERM
import ctypes
import errno

print("REACHED", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
for path in (b"/", b"/usr"):
    ctypes.set_errno(0)
    if libc.mount(None, path, None, 32, None) == 0:
        print("BREACH: mounted writable", path, flush=True)
    else:
        print(errno.errorcode[ctypes.get_errno()])
