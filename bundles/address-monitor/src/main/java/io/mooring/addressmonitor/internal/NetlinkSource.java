package io.mooring.addressmonitor.internal;

import io.mooring.posix.Errno;
import io.mooring.posix.PosixException;
import io.mooring.posix.RtEvent;
import io.mooring.posix.RtLink;
import io.mooring.posix.Rtnetlink;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's own news. An address on a link that is down is still an address of this host: the kernel keeps IPv4 ones
 * and tells of the IPv6 ones that it drops. Owned by the monitor's thread.
 */
final class NetlinkSource implements AddressSource {
    private static final Logger LOG = LoggerFactory.getLogger(NetlinkSource.class);

    private final Rtnetlink rtnetlink;

    NetlinkSource(Rtnetlink rtnetlink) {
        this.rtnetlink = rtnetlink;
    }

    @Override
    public String name() {
        return "rtnetlink";
    }

    @Override
    public Snapshot snapshot() throws IOException {
        Map<Integer, String> names =
                rtnetlink.links().stream().collect(Collectors.toMap(RtLink::index, RtLink::name, (a, b) -> b));
        List<Assignment> assignments =
                rtnetlink.addresses().stream().map(Assignment::of).toList();
        return new Snapshot(assignments, names);
    }

    @Override
    public void next(AddressBook book) throws IOException {
        List<RtEvent> events;
        try {
            events = rtnetlink.receive();
        } catch (PosixException e) {
            if (e.errno() != Errno.ENOBUFS) {
                throw e;
            }
            resynchronize(book);
            return;
        }
        events.forEach(event -> enter(event, book));
    }

    /** News were lost: what waits is older than what a dump says, so it is thrown away first. */
    private void resynchronize(AddressBook book) throws IOException {
        rtnetlink.discard();
        int changes = book.reconcile(snapshot());
        LOG.warn(
                "Address changes came faster than they were read (raise receiveBufferBytes): read all addresses again, {} changes",
                changes);
    }

    private static void enter(RtEvent event, AddressBook book) {
        if (event instanceof RtEvent.AddressThere there) {
            book.assigned(Assignment.of(there.address()));
        } else if (event instanceof RtEvent.AddressGone gone) {
            book.withdrawn(Assignment.of(gone.address()));
        } else if (event instanceof RtEvent.LinkThere there) {
            book.interfaceNamed(there.link().index(), there.link().name());
        } else if (event instanceof RtEvent.LinkGone gone) {
            book.interfaceGone(gone.link().index());
        }
    }

    @Override
    public void close() {
        rtnetlink.close();
    }
}
