# attack: none: what a thread prints after the end of the main thread counts
# wanted: OK
# after: its output is exact
# wall: none needed
# control: same
import threading
import time


def main():
    time.sleep(0.05)
    print("printed by the thread")


print("REACHED", flush=True)
threading.Thread(target=main).start()
