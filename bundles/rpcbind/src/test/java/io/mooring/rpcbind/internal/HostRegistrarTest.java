package io.mooring.rpcbind.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The difference between what is and what should be is applied, and what is not ours is left alone. */
final class HostRegistrarTest {
    private final FakeHost host = new FakeHost();
    private final List<Registration> wanted = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final HostRegistrar registrar = new HostRegistrar(host, () -> List.copyOf(wanted), warnings::add);

    private final Registration nfs = registration(100003, Netid.TCP, 2049);
    private final Registration mount = registration(100005, Netid.TCP6, 2049);

    @Test
    void registersAndUnregisters() {
        wanted.add(nfs);
        wanted.add(mount);
        registrar.reconcile();
        assertThat(host.table).containsOnly(entry(nfs), entry(mount));

        wanted.remove(nfs);
        registrar.reconcile();
        assertThat(host.table).containsOnly(entry(mount));

        registrar.withdraw();
        assertThat(host.table).isEmpty();
        assertThat(warnings).isEmpty();
    }

    @Test
    void asksForNothingWhereNothingChanged() {
        wanted.add(nfs);
        registrar.reconcile();
        registrar.reconcile();

        assertThat(host.calls).containsExactly("SET 100003 tcp");
    }

    @Test
    void registersAgainAfterTheHostsRpcbindForgot() {
        wanted.add(nfs);
        registrar.reconcile();
        host.table.clear();

        registrar.reconcile();

        assertThat(host.table).containsOnly(entry(nfs));
    }

    @Test
    void aNewPortReplacesTheOldOne() {
        wanted.add(nfs);
        registrar.reconcile();
        Registration moved = registration(100003, Netid.TCP, 3049);
        wanted.set(0, moved);

        registrar.reconcile();

        assertThat(host.table).containsOnly(entry(moved));
    }

    @Test
    void anothersRegistrationIsLeftAloneAndNamedOnce() {
        Registration other = registration(100003, Netid.TCP, 6666);
        host.table.put(other.key(), other.address());
        wanted.add(nfs);
        registrar.reconcile();
        registrar.reconcile();
        registrar.withdraw();

        assertThat(host.table).containsOnly(entry(other));
        assertThat(host.calls).isEmpty();
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("another program holds program 100003 version 3 tcp")
                .contains("rpcinfo -d");
    }

    @Test
    void whatAnotherTookSinceIsNotUnset() {
        wanted.add(nfs);
        registrar.reconcile();
        Registration other = registration(100003, Netid.TCP, 6666);
        host.table.put(other.key(), other.address());

        registrar.withdraw();

        assertThat(host.table).containsOnly(entry(other));
        assertThat(host.calls).doesNotContain("UNSET 100003 tcp");
    }

    @Test
    void whatWasNeverOursIsNotUnset() {
        Registration kernel = registration(100021, Netid.UDP, 4045);
        host.table.put(kernel.key(), kernel.address());
        wanted.add(nfs);
        registrar.reconcile();
        registrar.withdraw();

        assertThat(host.table).containsOnly(entry(kernel));
    }

    @Test
    void whatACrashOfOursLeftIsTakenOverAndTakenBack() {
        host.table.put(nfs.key(), nfs.address());
        wanted.add(nfs);
        registrar.reconcile();
        assertThat(host.calls).isEmpty();

        registrar.withdraw();
        assertThat(host.table).isEmpty();
    }

    @Test
    void ofSeveralAddressesTheFirstIsRegistered() {
        wanted.add(new Registration(100003, 3, Netid.TCP, FakeCall.address("10.0.0.5"), 2049, "superuser"));
        wanted.add(new Registration(100003, 3, Netid.TCP, FakeCall.address("10.0.0.6"), 2049, "superuser"));
        registrar.reconcile();

        assertThat(host.table.values()).extracting(UniversalAddress::format).containsExactly("10.0.0.5.8.1");
        assertThat(warnings).isEmpty();
    }

    @Test
    void noRpcbindIsOneLineUntilThatChanges() {
        wanted.add(nfs);
        host.absent = true;
        registrar.reconcile();
        registrar.reconcile();
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("none answers at fake")
                .contains("port=")
                .contains("mountport=");

        host.absent = false;
        registrar.reconcile();
        assertThat(host.table).containsOnly(entry(nfs));

        host.absent = true;
        registrar.reconcile();
        assertThat(warnings).hasSize(2);
    }

    @Test
    void aRefusalNamesWhatToChange() {
        wanted.add(nfs);
        host.refusing = true;
        registrar.reconcile();
        registrar.reconcile();

        assertThat(host.table).isEmpty();
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("refuses")
                .contains("root")
                .contains("io.mooring.rpcbind");
    }

    @Test
    void anOldPortMapperGetsWhatItKnows() {
        host.ipv4Only = true;
        wanted.add(nfs);
        wanted.add(mount);
        registrar.reconcile();

        assertThat(host.table).containsOnly(entry(nfs));
        assertThat(warnings).singleElement().asString().contains("only version 2");
    }

    @Test
    void everyConversationIsEnded() {
        wanted.add(nfs);
        registrar.reconcile();
        host.refusing = true;
        wanted.add(mount);
        registrar.reconcile();

        assertThat(host.open).isZero();
    }

    private static Registration registration(int program, Netid netid, int port) {
        return new Registration(program, 3, netid, Registration.wildcard(netid), port, Registration.SUPERUSER);
    }

    private static Map.Entry<Registration.Key, UniversalAddress> entry(Registration registration) {
        return Map.entry(registration.key(), registration.address());
    }

    /** An rpcbind that is a map. Used by one thread. */
    private static final class FakeHost implements HostRpcbind {
        final Map<Registration.Key, UniversalAddress> table = new HashMap<>();
        final List<String> calls = new ArrayList<>();
        boolean absent;
        boolean refusing;
        boolean ipv4Only;
        int open;

        @Override
        public String name() {
            return "fake";
        }

        @Override
        public Session connect() throws IOException {
            if (absent) {
                throw new IOException("Connection refused");
            }
            open++;
            return new FakeSession();
        }

        private final class FakeSession implements Session {
            @Override
            public Map<Registration.Key, UniversalAddress> dump() {
                return new HashMap<>(table);
            }

            @Override
            public boolean supports(Registration registration) {
                return !ipv4Only || !Registration.isIpv6(registration.netid());
            }

            @Override
            public boolean set(Registration r) throws RpcException {
                change("SET", r);
                return table.putIfAbsent(r.key(), r.address()) == null;
            }

            @Override
            public boolean unset(Registration r) throws RpcException {
                change("UNSET", r);
                return table.remove(r.key()) != null;
            }

            private void change(String what, Registration r) throws RpcException {
                if (refusing) {
                    throw new RpcException(RpcException.Answer.AUTH_TOOWEAK, "AUTH_TOOWEAK");
                }
                calls.add(what + " " + r.program() + " " + r.netid().id());
            }

            @Override
            public void close() {
                open--;
            }
        }
    }
}
