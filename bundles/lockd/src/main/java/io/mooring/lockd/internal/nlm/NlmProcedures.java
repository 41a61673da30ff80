package io.mooring.lockd.internal.nlm;

import io.mooring.lockd.internal.RareLog;
import io.mooring.lockd.internal.locks.Locks;
import io.mooring.lockd.internal.locks.Outcome;
import io.mooring.lockd.internal.nsm.HostMonitor;
import io.mooring.lockd.internal.nsm.Services;
import io.mooring.lockd.internal.table.CallBack;
import io.mooring.lockd.internal.table.FileKey;
import io.mooring.lockd.internal.table.Holder;
import io.mooring.lockd.internal.table.LockRequest;
import io.mooring.lockd.internal.table.Owner;
import io.mooring.lockd.internal.table.Range;
import io.mooring.lockd.internal.wire.Nlm4;
import io.mooring.lockd.internal.wire.Nlm4.CancArgs;
import io.mooring.lockd.internal.wire.Nlm4.Item;
import io.mooring.lockd.internal.wire.Nlm4.Lock;
import io.mooring.lockd.internal.wire.Nlm4.LockArgs;
import io.mooring.lockd.internal.wire.Nlm4.Notify;
import io.mooring.lockd.internal.wire.Nlm4.Res;
import io.mooring.lockd.internal.wire.Nlm4.Share;
import io.mooring.lockd.internal.wire.Nlm4.ShareArgs;
import io.mooring.lockd.internal.wire.Nlm4.ShareRes;
import io.mooring.lockd.internal.wire.Nlm4.Stat;
import io.mooring.lockd.internal.wire.Nlm4.TestArgs;
import io.mooring.lockd.internal.wire.Nlm4.TestRes;
import io.mooring.lockd.internal.wire.Nlm4.UnlockArgs;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.RpcException.Answer;
import io.mooring.vfs.LockTargets;
import io.mooring.vfs.LockTargets.LockTarget;
import io.mooring.vfs.LockTargets.LockedFile;
import io.mooring.vfs.VfsException;
import java.util.function.Supplier;

/** What NLM's procedures do, for all versions. Thread-safe. */
public final class NlmProcedures {
    /** A void result. */
    static final Item NOTHING = (writer, version) -> {};

    private final Supplier<LockTargets> targets;
    private final Services services;
    private final Locks locks;
    private final Reclaims reclaims;
    private final RareLog log;

    /**
     * The procedures on these locks.
     *
     * @param targets finds files; gives null while nobody can
     */
    public NlmProcedures(Supplier<LockTargets> targets, Services services, Locks locks, RareLog log) {
        this.targets = targets;
        this.services = services;
        this.locks = locks;
        this.reclaims = new Reclaims(locks);
        this.log = log;
    }

    TestRes test(Request request, TestArgs args) {
        try {
            HostMonitor monitor = monitor(request);
            if (monitor.inGrace()) {
                throw new NlmException(Stat.NLM4_DENIED_GRACE_PERIOD);
            }
            LockTarget target = find(request, args.alock().fh());
            Holder holder = locks.test(
                    lockRequest(request, args.alock(), key(target.file()), args.exclusive()), target.opener());
            return new TestRes(args.cookie(), holder == null ? Stat.NLM4_GRANTED : Stat.NLM4_DENIED, holder(holder));
        } catch (NlmException e) {
            // DENIED would need a holder.
            Stat stat = e.stat() == Stat.NLM4_DENIED ? Stat.NLM4_FAILED : e.stat();
            return new TestRes(args.cookie(), stat, null);
        } catch (VfsException e) {
            return new TestRes(args.cookie(), refusal(e), null);
        }
    }

    private static Nlm4.Holder holder(Holder holder) {
        if (holder == null) {
            return null;
        }
        byte[] oh = holder.owner() == null ? new byte[0] : holder.owner().oh();
        Range range = holder.range();
        return new Nlm4.Holder(holder.exclusive(), holder.svid(), oh, range.start(), range.length());
    }

    Res lock(Request request, LockArgs args) {
        return lock(request, args, true);
    }

    /** By a client that no restart is told of, and which tells of none. */
    Res nmLock(Request request, LockArgs args) {
        return lock(request, args, false);
    }

    private Res lock(Request request, LockArgs args, boolean monitored) {
        try {
            HostMonitor monitor = monitor(request);
            LockTarget target = find(request, args.alock().fh());
            if (args.exclusive() && target.readOnly()) {
                throw new NlmException(Stat.NLM4_ROFS);
            }
            LockRequest wanted = lockRequest(request, args.alock(), key(target.file()), args.exclusive());
            admit(request, monitor, args.reclaim());
            CallBack callBack = args.block() && !args.reclaim() ? callBack(request, args.alock()) : null;
            if (!monitored) {
                return new Res(args.cookie(), ifStill(monitor, wanted, lock(wanted, args, callBack, target)));
            }
            try (HostMonitor.Use use = monitor.use(
                    request.client(), args.alock().callerName(), services.holdsSomething(request.service()))) {
                if (use == null) {
                    String client = request.client().getHostAddress();
                    log.say("record " + client, client + " gets no lock: it cannot be recorded on stable storage");
                    throw new NlmException(Stat.NLM4_DENIED_NOLOCKS);
                }
                return new Res(args.cookie(), ifStill(monitor, wanted, lock(wanted, args, callBack, target)));
            }
        } catch (NlmException e) {
            return new Res(args.cookie(), e.stat());
        } catch (VfsException e) {
            return new Res(args.cookie(), refusal(e));
        }
    }

    /**
     * What was admitted before the address went must not be granted when it is back: only they that had locks get any then. The
     * client does not know of it, as its connection went with the address.
     */
    private Stat ifStill(HostMonitor monitor, LockRequest wanted, Stat stat) {
        if (services.of(monitor.service()) == monitor) {
            return stat;
        }
        if (stat == Stat.NLM4_BLOCKED) {
            locks.cancel(wanted);
        } else if (stat == Stat.NLM4_GRANTED) {
            locks.unlock(wanted.file(), wanted.owner(), wanted.range());
        }
        return Stat.NLM4_DENIED_GRACE_PERIOD;
    }

    private Stat lock(LockRequest wanted, LockArgs args, CallBack callBack, LockTarget target) throws VfsException {
        Outcome outcome = args.reclaim()
                ? reclaims.lock(wanted, args.state(), target.opener())
                : locks.lock(wanted, args.state(), callBack, target.opener());
        return switch (outcome.status()) {
            case GRANTED -> Stat.NLM4_GRANTED;
            case BLOCKED -> Stat.NLM4_BLOCKED;
            case DENIED -> Stat.NLM4_DENIED;
            case DEADLOCK -> Stat.NLM4_DEADLCK;
            case NO_LOCKS -> {
                String client = wanted.owner().host().toString();
                log.say("limit " + client, client + " gets no lock: there are too many (maxLocks, maxLocksPerHost)");
                yield Stat.NLM4_DENIED_NOLOCKS;
            }
            // It asks again, and finds whoever has the address then.
            case GONE -> Stat.NLM4_DENIED_GRACE_PERIOD;
        };
    }

    private static GrantedCallBack callBack(Request request, Lock lock) {
        Netid netid = request.call().transport().isTcp() ? Netid.TCP : Netid.UDP;
        return new GrantedCallBack(request.version(), netid, request.message(), lock.callerName(), lock.fh());
    }

    /** In the grace period only what was held may be locked, and afterwards nothing as if it had been held. */
    private void admit(Request request, HostMonitor monitor, boolean reclaim) throws NlmException {
        if (!reclaim) {
            if (monitor.inGrace()) {
                throw new NlmException(Stat.NLM4_DENIED_GRACE_PERIOD);
            }
            return;
        }
        if (!monitor.mayReclaim(request.client())) {
            String client = request.client().getHostAddress();
            String why = monitor.inGrace() ? "it had none" : "there is no grace period";
            log.say("reclaim " + client, client + " may not reclaim a lock: " + why);
            throw new NlmException(Stat.NLM4_DENIED);
        }
    }

    Res cancel(Request request, CancArgs args) {
        try {
            monitor(request);
            FileKey file = identify(request, args.alock().fh());
            boolean waited = locks.cancel(lockRequest(request, args.alock(), file, args.exclusive()));
            return new Res(args.cookie(), waited ? Stat.NLM4_GRANTED : Stat.NLM4_DENIED);
        } catch (NlmException e) {
            return new Res(args.cookie(), e.stat());
        }
    }

    Res unlock(Request request, UnlockArgs args) {
        try {
            monitor(request);
            Lock lock = args.alock();
            FileKey file = identify(request, lock.fh());
            boolean done = locks.unlock(file, request.owner(lock.svid(), lock.oh()), range(lock));
            return new Res(args.cookie(), done ? Stat.NLM4_GRANTED : Stat.NLM4_DENIED_NOLOCKS);
        } catch (NlmException e) {
            return new Res(args.cookie(), e.stat());
        }
    }

    /** Nobody here waits for a lock of another server. */
    Res granted(Request request, TestArgs args) {
        return new Res(args.cookie(), Stat.NLM4_DENIED);
    }

    ShareRes share(Request request, ShareArgs args) {
        try {
            HostMonitor monitor = monitor(request);
            Share share = args.share();
            LockTarget target = find(request, share.fh());
            admit(request, monitor, args.reclaim());
            Owner owner = request.owner(0, share.oh());
            Stat stat = switch (locks.share(key(target.file()), owner, share.access(), share.mode())) {
                case DONE -> Stat.NLM4_GRANTED;
                case CONFLICT, DEADLOCK -> Stat.NLM4_DENIED;
                case NO_LOCKS -> Stat.NLM4_DENIED_NOLOCKS;
                case GONE -> Stat.NLM4_DENIED_GRACE_PERIOD;
            };
            return new ShareRes(args.cookie(), stat, 0);
        } catch (NlmException e) {
            return new ShareRes(args.cookie(), e.stat(), 0);
        }
    }

    ShareRes unshare(Request request, ShareArgs args) {
        try {
            monitor(request);
            locks.unshare(
                    identify(request, args.share().fh()),
                    request.owner(0, args.share().oh()));
            return new ShareRes(args.cookie(), Stat.NLM4_GRANTED, 0);
        } catch (NlmException e) {
            return new ShareRes(args.cookie(), e.stat(), 0);
        }
    }

    /** The sender restarted, or closes down: whatever name it gives, only its own locks go. */
    Item freeAll(Request request, Notify args) throws RpcException {
        if (services.of(request.service()) == null) {
            // There is no status that says "later".
            throw new RpcException(Answer.NO_REPLY, "the address is not here");
        }
        int released = locks.release(request.host(), owner -> true);
        if (released > 0) {
            String client = request.client().getHostAddress();
            log.say("free " + client, client + " asked by FREE_ALL to release its locks: owners released: " + released);
        }
        return NOTHING;
    }

    /** Where the address is not known yet, or not any more, the client asks again, and finds whoever has it then. */
    private HostMonitor monitor(Request request) throws NlmException {
        HostMonitor monitor = services.of(request.service());
        if (monitor == null) {
            throw new NlmException(Stat.NLM4_DENIED_GRACE_PERIOD);
        }
        return monitor;
    }

    private LockTarget find(Request request, byte[] fh) throws NlmException {
        try {
            return targets().find(fh, request.service(), request.call().remoteAddress(), request.claimed());
        } catch (VfsException e) {
            throw new NlmException(refusal(e));
        }
    }

    private FileKey identify(Request request, byte[] fh) throws NlmException {
        try {
            return key(targets().identify(fh, request.service()));
        } catch (VfsException e) {
            throw new NlmException(refusal(e));
        }
    }

    private LockTargets targets() throws NlmException {
        LockTargets found = targets.get();
        if (found == null) {
            throw new NlmException(Stat.NLM4_DENIED_GRACE_PERIOD);
        }
        return found;
    }

    private static FileKey key(LockedFile file) {
        return new FileKey(file.fsid(), file.id());
    }

    private static Stat refusal(VfsException e) {
        return switch (e.status()) {
            case STALE, BADHANDLE, NOENT -> Stat.NLM4_STALE_FH;
            case JUKEBOX -> Stat.NLM4_DENIED_GRACE_PERIOD;
            case ROFS -> Stat.NLM4_ROFS;
            default -> Stat.NLM4_FAILED;
        };
    }

    private static LockRequest lockRequest(Request request, Lock lock, FileKey file, boolean exclusive)
            throws NlmException {
        return new LockRequest(file, request.owner(lock.svid(), lock.oh()), range(lock), exclusive);
    }

    private static Range range(Lock lock) throws NlmException {
        if (lock.offset() < 0) {
            // Beyond 2^63 there are no bytes: offsets are unsigned on the wire, and signed in file systems.
            throw new NlmException(Stat.NLM4_FBIG);
        }
        return Range.of(lock.offset(), lock.length());
    }
}
