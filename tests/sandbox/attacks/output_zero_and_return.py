# attack: a text reader of the output, by NUL, CR and no newline at the end
# wanted: OK
# after: its output is exact
# wall: output is bytes
# control: same
print("REACHED", flush=True)
print("a\0b\rc\r\nd\x85e\u2028f", end="")
