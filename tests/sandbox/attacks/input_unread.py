# attack: the writer of the input, by leaving 8 MiB of it unread
# wanted: OK
# after: the harness does not wait
# wall: the input is a file in memory
# control: same
# stdin: 8388608
print("REACHED", flush=True)
