package io.mooring.nfsd.internal.exports;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NetgroupTextTest {

    @Test
    void triplesOtherGroupsAndContinuedLines() {
        NetgroupText text = new NetgroupText("""
                # everyone of the house
                house (One.example.org,-,example) kitchen \\
                      ( two , joe , )   # and more
                kitchen (three,,) (-,joe,) (bad) (2001:DB8::0:1,,)
                """);
        assertThat(text.hosts("house"))
                .containsExactlyInAnyOrder("one.example.org", "two", "three", "2001:db8:0:0:0:0:0:1");
        assertThat(text.has("kitchen")).isTrue();
        assertThat(text.has("everyone")).isFalse();
        assertThat(text.hosts("cellar")).isEmpty();
    }

    @Test
    void groupsThatContainEachOtherEnd() {
        NetgroupText text = new NetgroupText("a b (one,,)\nb a (two,,) b\n");
        assertThat(text.hosts("a")).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void anEmptyHostIsEveryHost() {
        assertThat(new NetgroupText("a (,joe,)").hosts("a")).containsExactly("");
    }

    @Property
    void anyTextEnds(
            @ForAll
                    @Chars({'(', ')', ',', ' ', '\n', '\\', '#', '-', ':', '.'})
                    @CharRange(from = 'a', to = 'c')
                    @StringLength(max = 60)
                    String text) {
        assertThat(new NetgroupText(text).hosts("a")).doesNotContain("-");
    }
}
