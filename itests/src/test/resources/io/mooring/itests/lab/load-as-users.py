# Keeps a file and a directory busy as several users, so that what a server remembers of them is always warm; what is refused is
# tried again. Beside that each user makes files of its own in DIRECTORY/own. How many rounds a user has ended stands in
# /tmp/rounds-UID. Arguments: DIRECTORY STOP SECONDS USER...
import os, sys, time

directory, stop, seconds, users = sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4:]
started = time.monotonic()


def quietly(call, *arguments):
    try:
        return call(*arguments)
    except OSError:
        return None


def work(user):
    uid, groups = user.split(":")
    groups = [int(group) for group in groups.split(",")]
    os.setgroups(groups)
    os.setresgid(groups[0], groups[0], groups[0])
    os.setresuid(int(uid), int(uid), int(uid))
    number = 0
    while time.monotonic() - started < seconds and not os.path.exists(stop):
        for flags in (os.O_RDONLY, os.O_WRONLY | os.O_APPEND):
            file = quietly(os.open, directory + "/file", flags)
            if file is not None:
                if flags == os.O_RDONLY:
                    quietly(os.read, file, 1)
                else:
                    quietly(os.write, file, b".")
                    # A write that was refused is told to whoever syncs the file next, and close does not count.
                    quietly(os.fsync, file)
                quietly(os.close, file)
        quietly(os.listdir, directory + "/dir")
        # Must never fail, and must be this user's.
        own = "%s/own/%s-%d" % (directory, uid, number)
        with open(own, "x") as file:
            file.write(uid)
        os.mkdir(own + ".d")
        number += 1
        with open("/tmp/rounds.%s" % uid, "w") as file:
            file.write("%d" % number)
        os.rename("/tmp/rounds.%s" % uid, "/tmp/rounds-%s" % uid)


children = []
for user in users:
    child = os.fork()
    if child == 0:
        work(user)
        os._exit(0)
    children.append(child)
sys.exit(1 if any([os.waitpid(child, 0)[1] for child in children]) else 0)
