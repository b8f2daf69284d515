# attack: process creation, by multiprocessing
# wanted: RE or OK
# after: no process more than before
# wall: seccomp
# control: breach
# library: multiprocessing
import multiprocessing
import os

print("REACHED", flush=True)
if __name__ == "__main__":
    process = multiprocessing.get_context("fork").Process(target=os.getpid)
    process.start()
    print("BREACH: a process", process.pid, flush=True)
    process.join()
