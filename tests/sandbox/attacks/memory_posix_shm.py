# attack: memory that outlives the program, by POSIX shared memory
# wanted: OK or RE
# after: no segment is left
# wall: own mount namespace; Landlock
# control: left
# library: multiprocessing
from multiprocessing import resource_tracker

print("REACHED", flush=True)
resource_tracker.register = lambda *_: None
try:
    from multiprocessing import shared_memory

    shared_memory.SharedMemory("@MARK@", create=True, size=1 << 20)
except (OSError, ImportError) as error:
    print("refused", error)
