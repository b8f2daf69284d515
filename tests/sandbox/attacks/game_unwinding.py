# attack: the harness's code in the interpreter, by jumping out of the program into it
# wanted: OK or RE
# after: the next program runs
# wall: each run has its own process
# control: run
import sys

print("REACHED", flush=True)
frame = sys._getframe()
depth = 0
while frame.f_back:
    frame = frame.f_back
    depth += 1
    for name in list(frame.f_globals):
        if not name.startswith("__"):
            frame.f_globals[name] = None
print("frames below:", depth)
raise GeneratorExit
