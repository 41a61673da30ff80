# Creates, renames, links and removes names one after the other, and says before each change what will be done and after it that
# it was acknowledged. Arguments: DIRECTORY JOURNAL STOP SECONDS: ends when the file STOP exists, after SECONDS at the latest.
# A change whose reply was lost is sent again by the kernel; a server that forgot its replies then says EEXIST or ENOENT.
import errno, os, sys, time

directory, journal, stop, seconds = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
os.chdir(directory)
out = open(journal, "w", buffering=1)


def create(name):
    os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))


REPEATED = {
    "create": (None, create),
    "mkdir": (errno.EEXIST, os.mkdir),
    "symlink": (errno.EEXIST, lambda name: os.symlink("target", name)),
    "link": (errno.EEXIST, os.link),
    "rename": (errno.ENOENT, os.rename),
    "remove": (errno.ENOENT, os.unlink),
    "rmdir": (errno.ENOENT, os.rmdir),
}


def change(kind, *names):
    tolerated, call = REPEATED[kind]
    out.write("begin %s %s\n" % (kind, " ".join(names)))
    result = "done"
    try:
        call(*names)
    except OSError as problem:
        result = "repeated" if problem.errno == tolerated else "error-" + errno.errorcode[problem.errno]
    out.write("%s %s %s\n" % (result, kind, " ".join(names)))


started = time.monotonic()
n = 0
while time.monotonic() - started < seconds and not os.path.exists(stop):
    n += 1
    change("create", "a%d" % n)
    change("mkdir", "d%d" % n)
    change("rename", "a%d" % n, "b%d" % n)
    change("symlink", "s%d" % n)
    change("link", "b%d" % n, "c%d" % n)
    if n % 2:
        change("remove", "b%d" % n)
        change("rmdir", "d%d" % n)
    time.sleep(0.02)
