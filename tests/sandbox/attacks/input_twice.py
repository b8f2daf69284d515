# attack: none: the input can be read, rewound and read again
# wanted: OK
# after: its output is exact
# wall: none needed
# control: same
# stdin: 100000
import hashlib
import sys

print("REACHED", flush=True)
for _ in range(2):
    data = sys.stdin.buffer.read()
    print(len(data), hashlib.sha256(data).hexdigest())
    sys.stdin.buffer.seek(0)
