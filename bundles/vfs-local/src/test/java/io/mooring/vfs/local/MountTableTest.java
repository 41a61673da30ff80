package io.mooring.vfs.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.vfs.MountPoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MountTableTest {

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void idsAndPaths() {
        String text = """
                22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
                36 22 0:40 /sub /srv/a\\040b\\134\\011 rw - tmpfs none rw
                bad line

                """;
        assertThat(MountTable.parse(bytes(text)))
                .containsExactly(new MountPoint(22, Path.of("/")), new MountPoint(36, Path.of("/srv/a b\\\t")));
    }

    /** Two of them would look alike, and one would be taken for the other. */
    @Test
    void whatIsNoTextIsLeftOut() {
        assertThat(MountTable.parse(bytes("36 22 0:40 / /srv/a\u00ff rw - tmpfs none rw\n")))
                .isEmpty();
    }

    @Test
    void thisHostHasARoot() throws Exception {
        assertThat(MountTable.read()).extracting(MountPoint::path).contains(Path.of("/"));
    }
}
