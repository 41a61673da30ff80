package io.mooring.nfsd.internal.exports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A name that nobody could be asked for is no unknown name: who is denied because of it would be denied for a minute. */
class SystemLookupTest {
    private long nanos;
    private final SystemLookup lookup = new SystemLookup(this::resolve, () -> nanos);
    private int asked;

    /** What the resolver says; null: it knows the name. */
    private String message;

    private InetAddress[] resolve(String name) throws UnknownHostException {
        asked++;
        if (message != null) {
            throw new UnknownHostException(message);
        }
        return new InetAddress[] {InetAddress.getByAddress(new byte[] {10, 0, 0, 1})};
    }

    @ParameterizedTest
    @ValueSource(strings = {"x: Name or service not known", "x: No address associated with hostname"})
    void anUnknownNameHasNoAddresses(String said) throws Exception {
        message = said;
        assertThat(lookup.addresses("x")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x: Temporary failure in name resolution", "x: System error", "x: Unbekannt", "x"})
    void anythingElseIsAFailureAndIsForgotten(String said) throws Exception {
        message = said;
        assertThatThrownBy(() -> lookup.addresses("x"))
                .isInstanceOf(NameServiceException.class)
                .hasMessageContaining(said);
        message = null;
        assertThat(lookup.addresses("x")).hasSize(1);
    }

    /** For 10 s Java says the name and nothing else, whatever the reason was. */
    @Test
    void whatJavaRemembersWithoutItsReasonIsRememberedWithIt() throws Exception {
        message = "x: Name or service not known";
        lookup.addresses("x");
        message = "x";
        nanos += Duration.ofSeconds(11).toNanos();
        assertThat(lookup.addresses("x")).isEmpty();
        assertThat(asked).isEqualTo(1);
        nanos += Duration.ofSeconds(5).toNanos();
        assertThatThrownBy(() -> lookup.addresses("x")).isInstanceOf(NameServiceException.class);
    }

    @Test
    void theFailureReachesWhoAsksForAClient() {
        message = "x: Temporary failure in name resolution";
        try (SystemHostNames names = new SystemHostNames(Duration.ofSeconds(20), lookup, name -> Set.of())) {
            assertThatThrownBy(() -> names.addresses("x"))
                    .isInstanceOf(NameServiceException.class)
                    .hasMessage("the name service failed for x: x: Temporary failure in name resolution");
        }
    }
}
