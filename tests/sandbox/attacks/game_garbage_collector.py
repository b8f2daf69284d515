# attack: the grader, by searching all objects for sockets, files and what it expects
# wanted: OK
# after: nothing of it in the output
# wall: the interpreter holds nothing of the harness
# control: breach
# control-in: grader
import gc
import socket

print("REACHED", flush=True)
gc.unfreeze()
for item in gc.get_objects():
    if isinstance(item, socket.socket):
        print("BREACH: a socket", item, flush=True)
    if isinstance(item, dict):
        for value in list(item.values()):
            if isinstance(value, str) and value.startswith("expected-" + "output-"):
                print("BREACH:", value, flush=True)
