package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LabSocketTest {

    @Test
    void readsStatesAddressesAndPorts() {
        String output = """
                LISTEN 0      128                     *:2049              *:*    \s
                LISTEN 0      128               0.0.0.0:111         0.0.0.0:*    \s
                ESTAB  0      0      [::ffff:10.77.0.50]:2049 [::ffff:10.77.0.100]:701  timer:(keepalive,59sec,0)
                FIN-WAIT-1 0  120            10.77.0.50:2049    10.77.0.100:702  timer:(on,1.2sec,3)
                ESTAB  0      0       [fe80::1%eth0]:2049  [fe80::2%eth0]:703
                """;
        assertThat(LabSocket.parse(output))
                .containsExactly(
                        new LabSocket("LISTEN", "*", 2049, "*", 0),
                        new LabSocket("LISTEN", "0.0.0.0", 111, "0.0.0.0", 0),
                        new LabSocket("ESTAB", "10.77.0.50", 2049, "10.77.0.100", 701),
                        new LabSocket("FIN-WAIT-1", "10.77.0.50", 2049, "10.77.0.100", 702),
                        new LabSocket("ESTAB", "fe80::1", 2049, "fe80::2", 703));
    }

    @Test
    void passesOverWhatIsNoSocket() {
        assertThat(LabSocket.parse("Cannot open netlink socket: Permission denied\n\n"))
                .isEmpty();
    }
}
