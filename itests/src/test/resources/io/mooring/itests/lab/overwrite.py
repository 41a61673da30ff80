# Overwrites a file from its start with lines, and prints "done" or what failed and the error's name. HOW: "commit" is fsync after
# the write, "stable" is O_SYNC, "later" is fsync when the file /tmp/go is there.
# Arguments: FILE WORD LINES HOW
import errno, os, sys, time

path, word, lines, how = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
DATA = b"%s\n" % word.encode() * lines
LIMIT = 60


def await_go():
    until = time.monotonic() + LIMIT
    while not os.path.exists("/tmp/go"):
        if time.monotonic() > until:
            raise SystemExit("nobody said go")
        time.sleep(0.1)


doing = "open"
try:
    file = os.open(path, os.O_CREAT | os.O_WRONLY | (os.O_SYNC if how == "stable" else 0), 0o644)
    doing = "write"
    if os.pwrite(file, DATA, 0) != len(DATA):
        raise SystemExit("not all was written")
    if how == "later":
        await_go()
    doing = "fsync"
    os.fsync(file)
    doing = "close"
    os.close(file)
    print("done")
except OSError as problem:
    print(doing, errno.errorcode[problem.errno])
