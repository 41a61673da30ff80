# Does one thing again and again, and says of each time when it began, when it ended, and what went wrong.
# Arguments: KIND PATH JOURNAL STOP SECONDS: ends when the file STOP exists, after SECONDS at the latest.
#   lines    appends a numbered line to the file PATH and syncs it, every 100 ms
#   read     reads the file PATH past the cache, and compares each block of 64 KiB with what prepare wrote
#   names    creates, renames, links and removes names in the directory PATH
#   contend  tries to lock the file PATH, of which somebody else holds the lock
#   connects looks every 10 ms whether this machine began a TCP connection, and says of each when it had not and when it had;
#            PATH is /proc/net/snmp, where the kernel counts them
#   prepare  writes the file PATH for read, once
import errno, fcntl, hashlib, mmap, os, sys, time

kind, path, journal, stop, seconds = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], float(sys.argv[5])
BLOCK = 64 << 10
BLOCKS = 64
out = open(journal, "w", buffering=1)
number = 0


def content(block):
    return hashlib.sha256(b"%d" % block).digest() * (BLOCK // 32)


def attempt(what, call):
    begin = time.monotonic()
    problem = "-"
    try:
        problem = call() or "-"
    except OSError as failure:
        problem = errno.errorcode[failure.errno]
    out.write("%s %.6f %.6f %s\n" % (what, begin, time.monotonic(), problem))


def append(file):
    os.write(file, b"%d\n" % number)
    os.fsync(file)


def read(file, buffer):
    block = number % BLOCKS
    count = os.preadv(file, [buffer], block * BLOCK)
    return None if count == BLOCK and buffer[:] == content(block) else "wrong"


def contend(file):
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as failure:
        if failure.errno in (errno.EAGAIN, errno.EACCES):
            return None
        raise
    return "stolen"


def connects():
    with open(path) as file:
        names, values = [line.split() for line in file if line.startswith("Tcp:")]
    return int(values[names.index("ActiveOpens")])


def create(name):
    os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))


def change():
    a, b, c, d = ["%s%d" % (letter, number) for letter in "abcd"]
    attempt("create", lambda: create(a))
    attempt("mkdir", lambda: os.mkdir(d))
    attempt("rename", lambda: os.rename(a, b))
    attempt("link", lambda: os.link(b, c))
    attempt("remove", lambda: os.unlink(b))
    attempt("remove", lambda: os.unlink(c))
    attempt("rmdir", lambda: os.rmdir(d))


if kind == "prepare":
    with open(path, "wb") as target:
        for each in range(BLOCKS):
            target.write(content(each))
    sys.exit(0)
if kind == "lines":
    target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
elif kind == "read":
    target = os.open(path, os.O_RDONLY | os.O_DIRECT)
    pages = mmap.mmap(-1, BLOCK)
elif kind == "contend":
    target = os.open(path, os.O_RDWR)
elif kind == "connects":
    seen, count = time.monotonic(), connects()
else:
    os.chdir(path)
started = time.monotonic()
while time.monotonic() - started < seconds and not os.path.exists(stop):
    begin = time.monotonic()
    if kind == "lines":
        attempt("line%d" % number, lambda: append(target))
        time.sleep(max(0.0, 0.1 - (time.monotonic() - begin)))
    elif kind == "read":
        attempt("read", lambda: read(target, pages))
        time.sleep(0.01)
    elif kind == "contend":
        attempt("lock", lambda: contend(target))
        time.sleep(0.05)
    elif kind == "connects":
        now = connects()
        for _ in range(now - count):
            out.write("connect %.6f %.6f -\n" % (seen, time.monotonic()))
        seen, count = begin, now
        time.sleep(0.01)
    else:
        change()
        time.sleep(0.01)
    number += 1
