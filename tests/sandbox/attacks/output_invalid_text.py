# attack: a text reader of the output, by bytes that are no UTF-8, on both outputs
# wanted: OK
# after: its output is exact
# wall: output is bytes
# control: same
import os

print("REACHED", flush=True)
os.write(1, b"\xff\xfe\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80")
os.write(2, b"\xff\xfe\xc0\x80\x1b]0;title\x07")
