# attack: the harness's view of calls, by a filter of its own that traps or logs them
# wanted: OK or RE
# after: nothing
# wall: filters add up, the strictest wins
# control: breach
import ctypes
import errno
import os
import struct

print("REACHED", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
allow = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000))
program = struct.pack("HxxxxxxQ", 1, ctypes.addressof(allow))
print("own filter", libc.syscall(@SYS_seccomp@, 1, 0, program), ctypes.get_errno())
try:
    if os.fork() == 0:
        os._exit(0)
    print("BREACH: a fork after a filter that allows all", flush=True)
except OSError as error:
    print(errno.errorcode[error.errno])
