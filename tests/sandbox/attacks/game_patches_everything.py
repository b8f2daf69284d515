# attack: code that runs after the program, by replacing what it could use
# wanted: OK or RE
# after: the next program runs
# wall: each run has its own process
# control: run
import atexit
import builtins
import signal
import sys

print("REACHED", flush=True)
sys.excepthook = sys.displayhook = sys.unraisablehook = lambda *_: None
sys.settrace(lambda *_: None)
sys.setprofile(lambda *_: None)
atexit.register(lambda: sys.stdout.write("at exit\n"))
for name in ("print", "open", "compile", "exec", "len", "repr", "str", "BaseException", "SystemExit"):
    setattr(builtins, name, None)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
sys.modules.clear()
