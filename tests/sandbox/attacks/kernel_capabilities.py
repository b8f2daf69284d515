# attack: privileges, by what is left of them
# wanted: OK
# after: nothing
# wall: all capabilities dropped, securebits, no_new_privs
# control: breach
# control-needs: root
import ctypes
import os

print("REACHED", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
header = (ctypes.c_uint32 * 2)(0x20080522, 0)
data = (ctypes.c_uint32 * 6)()
if libc.capget(header, data) == 0 and any(data):
    print("BREACH: capabilities", list(map(hex, data)), flush=True)
if libc.prctl(39, 0, 0, 0, 0) != 1:
    print("BREACH: no_new_privs is off", flush=True)
if libc.prctl(38, 0, 0, 0, 0) == 0:
    print("BREACH: no_new_privs can be cleared", flush=True)
