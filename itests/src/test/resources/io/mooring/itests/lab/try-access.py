# Tries what several users may do with the objects of a directory, all users at once and each attempt several times, and prints
# one sorted line for each different outcome. The same script, run beside the server on the directory itself, says what the kernel
# allows. Arguments: DIRECTORY TRIES USER...; a user is uid:gid[,group...].
import errno, os, sys

directory, tries, users = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
UNIQUE = "probe-%d" % os.getpid()


def read(path):
    file = os.open(path, os.O_RDONLY)
    try:
        os.read(file, 1)
    finally:
        os.close(file)


def append(path):
    file = os.open(path, os.O_WRONLY | os.O_APPEND)
    try:
        os.write(file, b"+")
        os.fsync(file)
    finally:
        os.close(file)


def execute(path):
    child = os.fork()
    if child == 0:
        try:
            os.execv(path, ["true"])
        except OSError as problem:
            os._exit(problem.errno)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status:
        raise OSError(status, "execute")


def create(path):
    name = "%s/%s-%d" % (path, UNIQUE, os.getuid())
    os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    os.unlink(name)


ATTEMPTS = {
    "file": (("read", read), ("append", append), ("chmod", lambda p: os.chmod(p, os.stat(p).st_mode & 0o7777))),
    "program": (("execute", execute),),
    "dir": (
        ("list", os.listdir),
        ("create", create),
        ("inside", lambda p: read(p + "/inside")),
        # ENOTEMPTY where it would be allowed, so that nothing changes.
        ("rmdir", lambda p: os.rmdir(p + "/full")),
        ("touch", lambda p: os.utime(p)),
    ),
}


def attempt(call, path):
    try:
        call(path)
        return "ok"
    except OSError as problem:
        return errno.errorcode[problem.errno]


def work(user, out):
    uid, groups = user.split(":")
    groups = [int(group) for group in groups.split(",")]
    os.setgroups(groups)
    os.setresgid(groups[0], groups[0], groups[0])
    os.setresuid(int(uid), int(uid), int(uid))
    seen = set()
    for _ in range(tries):
        for name, attempts in ATTEMPTS.items():
            for what, call in attempts:
                seen.add("%s %s %s %s" % (uid, name, what, attempt(call, directory + "/" + name)))
    out.write("".join(line + "\n" for line in sorted(seen)))
    out.flush()


lines = []
children = []
for user in users:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with os.fdopen(writer, "w") as out:
            work(user, out)
        os._exit(0)
    os.close(writer)
    children.append((child, reader))
for child, reader in children:
    with os.fdopen(reader) as result:
        lines += result.readlines()
    if os.waitpid(child, 0)[1]:
        lines.append("a child failed\n")
sys.stdout.writelines(sorted(lines))
