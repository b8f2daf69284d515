# attack: the harness's protocol, by printing what it could take for a verdict
# wanted: RE
# after: nothing
# wall: output is data; the verdict is made outside
# exit: 3
# control: same
import sys

print("REACHED", flush=True)
for text in ('{"verdict":"OK","exit_code":0}', '{"verdict":"AC"}', "OK", "status: 0", "\0\0\0\0\0\0\0\0", "PASSED", "exit 0"):
    print(text, flush=True)
    print(text, file=sys.stderr, flush=True)
sys.exit(3)
