package io.mooring.failover.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Files with anything in them: never an exception, and no record that was not written. */
public final class JournalTarget {
    private static final int ROOM = 16 << 10;
    private static final String NAME = "s";

    private final List<byte[]> written = new ArrayList<>();

    /** The first byte chooses between files that are the input, and files of valid records that the input damages. */
    public void run(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        if (input[0] == 0) {
            int half = rest.length / 2;
            check(Arrays.copyOf(rest, half), Arrays.copyOfRange(rest, half, rest.length));
        } else {
            ByteBuffer choices = ByteBuffer.wrap(rest);
            byte[] first = file(choices, 7);
            byte[] second = file(choices, input[0]);
            damage(choices, first, second);
            check(first, second);
        }
    }

    private void check(byte[] first, byte[] second) throws IOException {
        try {
            Recovery recovery = JournalRig.recover(first, second);
            recovery.records().forEach((name, records) -> {
                assertThat(name).isEqualTo(NAME);
                assertThat(written).containsAll(records);
            });
        } catch (ForeignJournalException refused) {
            assertThat(refused.getMessage()).contains("journal.").doesNotContain("\n");
        }
    }

    /** Records of all kinds, as the choices say: also such as are never in this order. */
    private byte[] file(ByteBuffer choices, long generation) {
        ByteBuffer file = ByteBuffer.allocate(ROOM);
        int flags = next(choices);
        file.put(new FileHeader(
                        generation, FileHeader.hash("data"), JournalRig.BOOT, (flags & 1) != 0, (flags & 2) != 0, ROOM)
                .encode());
        RecordCodec codec = new RecordCodec(generation);
        int count = next(choices) % 32;
        for (int i = 0; i < count; i++) {
            int kind = next(choices);
            byte[] payload = new byte[next(choices)];
            Arrays.fill(payload, (byte) kind);
            Kind known = Kind.of(kind % 8).orElse(Kind.EVENT);
            byte[] content = known == Kind.STREAM ? JournalRig.bytes(NAME) : payload;
            codec.put(file, file.position(), known, kind % 3, content);
            written.add(content);
        }
        return file.array();
    }

    private static void damage(ByteBuffer choices, byte[]... files) {
        while (choices.remaining() >= 4) {
            byte[] file = files[next(choices) % files.length];
            int at = choices.getShort() & 0xffff;
            file[at % file.length] = choices.get();
        }
    }

    private static int next(ByteBuffer choices) {
        return choices.hasRemaining() ? choices.get() & 0xff : 0;
    }
}
