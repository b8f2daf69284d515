# attack: the stack, by endless recursion through C with the recursion limit lifted
# wanted: RE or MLE
# after: the machine's memory is as before; no core file
# wall: RLIMIT_STACK, RLIMIT_AS
# control: crash
import sys

sys.setrecursionlimit(10**9)
print("REACHED", flush=True)


class Endless:
    def __repr__(self):
        return repr(self)


repr(Endless())
