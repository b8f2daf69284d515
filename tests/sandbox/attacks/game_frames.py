# attack: the grader, by walking the frames below for what it expects
# wanted: OK
# after: nothing of it in the output
# wall: expected outputs never enter the sandbox
# control: breach
# control-in: grader
import sys

print("REACHED", flush=True)
frame = sys._getframe()
while frame:
    for name, value in list(frame.f_locals.items()) + list(frame.f_globals.items()):
        if isinstance(value, str) and value.startswith("expected-" + "output-"):
            print("BREACH:", name, value, flush=True)
    frame = frame.f_back
