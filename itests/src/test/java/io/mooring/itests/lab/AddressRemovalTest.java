package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AddressRemovalTest {

    @Test
    void tellsWhenTheLastSocketWasGone() {
        AddressRemoval removal = AddressRemoval.parse("1500 4\n3100 1\n4700 0\n");
        assertThat(removal.allGone()).isTrue();
        assertThat(removal.after()).isEqualTo(Duration.ofNanos(4_700_000));
    }

    @Test
    void tellsThatSocketsAreLeft() {
        String output = "1500 1\n5000100 1\nFIN-WAIT-1 0 120 10.77.0.50:2049 10.77.0.100:701\n";
        assertThat(AddressRemoval.parse(output).allGone()).isFalse();
    }

    @Test
    void nothingSeenIsAnError() {
        assertThatThrownBy(() -> AddressRemoval.parse("RTNETLINK answers: Cannot assign requested address\n"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("Cannot assign");
    }
}
