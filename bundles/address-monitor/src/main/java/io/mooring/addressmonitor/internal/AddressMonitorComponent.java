package io.mooring.addressmonitor.internal;

import io.mooring.addressmonitor.AddressListener;
import io.mooring.addressmonitor.AddressMonitor;
import io.mooring.addressmonitor.internal.AddressSource.Opener;
import io.mooring.posix.Rtnetlink;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Wires the book, the watch and the listeners. Thread-safe, as they are. */
@Component(immediate = true, configurationPid = AddressMonitorComponent.PID)
@Designate(ocd = AddressMonitorComponent.Config.class)
public final class AddressMonitorComponent implements AddressMonitor {
    static final String PID = "io.mooring.addressmonitor";

    private final AddressBook book;
    private final AddressWatch watch;

    /** See README.md. */
    @ObjectClassDefinition(name = "Mooring address monitor", description = "Notices IP addresses that come and go.")
    public @interface Config {
        @AttributeDefinition(
                description = "netlink: the kernel's news; poll: look again and again; auto: netlink, else poll",
                options = {
                    @Option(label = "auto", value = "auto"),
                    @Option(label = "netlink", value = "netlink"),
                    @Option(label = "poll", value = "poll")
                })
        String source() default "auto";

        @AttributeDefinition(
                description = "Milliseconds between two looks, where netlink is not used or has to be opened anew",
                min = "100",
                max = "60000")
        int pollIntervalMillis() default MonitorSettings.POLL_INTERVAL_MILLIS;

        @AttributeDefinition(
                description = "Seconds after which a listener's call that has not returned is logged",
                min = "1",
                max = "3600")
        int listenerTimeoutSeconds() default MonitorSettings.LISTENER_TIMEOUT_SECONDS;

        @AttributeDefinition(
                description = "Bytes of news that may wait in the kernel before all addresses must be read again",
                min = "4096",
                max = "67108864")
        int receiveBufferBytes() default MonitorSettings.RECEIVE_BUFFER_BYTES;
    }

    @Activate
    public AddressMonitorComponent(Config config) throws IOException {
        MonitorSettings settings = MonitorSettings.of(config);
        Rehearsal.run();
        book = new AddressBook(Clock.systemUTC(), settings.listenerTimeout());
        try {
            watch = AddressWatch.start(book, openers(settings), settings.pollInterval());
        } catch (IOException | RuntimeException e) {
            book.close();
            throw e;
        }
    }

    private static List<Opener> openers(MonitorSettings settings) {
        Opener netlink = () -> new NetlinkSource(Rtnetlink.open(settings.receiveBufferBytes()));
        Opener poll = () -> new PollingSource(HostInterfaces::now, settings.pollInterval());
        return switch (settings.source()) {
            case AUTO -> List.of(netlink, poll);
            case NETLINK -> List.of(netlink);
            case POLL -> List.of(poll);
        };
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addListener(AddressListener listener) {
        book.listen(listener);
    }

    void removeListener(AddressListener listener) {
        book.unlisten(listener);
    }

    @Deactivate
    void deactivate() {
        watch.close();
        book.close();
    }

    @Override
    public List<LocalAddress> addresses() {
        return book.addresses();
    }

    @Override
    public List<ListenerStatus> listeners() {
        return book.listeners();
    }

    @Override
    public String source() {
        return watch.sourceName();
    }
}
