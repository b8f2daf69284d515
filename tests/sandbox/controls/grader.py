# The unsandboxed control of attacks on a grader: it runs the program in its own process, as careless graders do.
import socket
import sys


def grade(path, expected):
    listener = socket.socket()
    with open(path) as file:
        source = file.read()
    exec(compile(source, path, "exec"), {"__name__": "__main__"})
    return listener, expected


grade(sys.argv[1], sys.argv[2])
