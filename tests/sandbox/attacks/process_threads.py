# attack: none: threads must work
# wanted: OK
# after: its output is exact
# wall: none needed
# control: same
import threading

print("REACHED", flush=True)
ran = []
threads = [threading.Thread(target=ran.append, args=(i,)) for i in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(ran))
