package io.mooring.nfsd.internal.exports;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.internal.exports.ExportDefinition.Rule;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExportsParserTest {

    private static ParsedExports parse(String text) {
        return new ExportsParser().add("exports", text).build();
    }

    private static ExportDefinition one(String text) {
        ParsedExports parsed = parse(text);
        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.definitions()).hasSize(1);
        return parsed.definitions().get(0);
    }

    private static ExportOptions options(String options) {
        return one("/a h(" + options + ")").rules().get(0).options();
    }

    @Test
    void crossmntIsAnOptionOfTheClient() {
        assertThat(options("crossmnt").crossMount()).isTrue();
        assertThat(options("crossmnt").toString()).endsWith(",crossmnt");
        assertThat(options("rw").crossMount()).isFalse();
    }

    @Test
    void commentsBlankLinesAndContinuations() {
        ParsedExports parsed = parse("""
                # nothing

                /a h1(rw) \\
                   h2 # two hosts
                /b
                """);
        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.definitions()).extracting(d -> d.path().toString()).containsExactly("/a", "/b");
        assertThat(parsed.definitions().get(0).rules())
                .extracting(r -> r.client().text(), r -> r.options().readOnly(), Rule::origin)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("h1", false, "exports:3"),
                        org.assertj.core.api.Assertions.tuple("h2", true, "exports:3"));
        assertThat(parsed.definitions().get(1).rules().get(0).client()).isEqualTo(new ClientPattern.Anyone());
        assertThat(parsed.definitions().get(1).rules().get(0).origin()).isEqualTo("exports:5");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "'\"/with space\" *', '/with space'",
                "'/with\\040space *', '/with space'",
                "'/hash\\043 *', '/hash#'",
                "'\"/hash#\" *', '/hash#'",
                "'/a/ *', '/a'",
                "'/ *', '/'"
            })
    void paths(String line, String path) {
        assertThat(one(line).path()).isEqualTo(Path.of(path));
    }

    @Test
    void defaultsAreTheManuals() {
        ExportOptions options = one("/a h").rules().get(0).options();
        assertThat(options)
                .isEqualTo(new ExportOptions(true, true, false, 65534, 65534, true, true, true, false, true, null));
        assertThat(options.toString()).isEqualTo("ro,sync,root_squash,secure,anonuid=65534,anongid=65534");
    }

    @Test
    void optionsOfEachClient() {
        assertThat(options("rw,no_root_squash,insecure,async,anonuid=5,anongid=6,all_squash,fsid=7"))
                .isEqualTo(new ExportOptions(false, false, true, 5, 6, false, false, true, false, true, 7L));
        assertThat(options("rw,ro,all_squash,no_all_squash,no_root_squash,root_squash,async,sync,insecure,secure"))
                .isEqualTo(ExportOptions.DEFAULTS);
        assertThat(options("")).isEqualTo(ExportOptions.DEFAULTS);
    }

    @Test
    void optionsWithoutMeaningAreAccepted() {
        assertThat(options("subtree_check,no_subtree_check,wdelay,no_wdelay,hide,nohide,sec=sys"))
                .isEqualTo(ExportOptions.DEFAULTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sec=sys", "sec=sys:krb5", "sec=krb5:krb5i:krb5p:sys", "sec=none:sys"})
    void securityFlavoursWithSys(String option) {
        assertThat(options(option)).isEqualTo(ExportOptions.DEFAULTS);
    }

    @Test
    void accessControlListsCanBeHidden() {
        assertThat(options("no_acl").acl()).isFalse();
        assertThat(options("no_acl").toString()).endsWith(",no_acl");
        assertThat(options("no_acl,acl")).isEqualTo(ExportOptions.DEFAULTS);
    }

    @Test
    void defaultOptionsOfALine() {
        ExportDefinition export = one("/a -rw,insecure h1 h2(ro) -async h3");
        assertThat(export.rules())
                .extracting(r -> r.options().toString().replaceAll(",anon.*", ""))
                .containsExactly(
                        "rw,sync,root_squash,insecure", "ro,sync,root_squash,insecure", "ro,async,root_squash,secure");
    }

    @ParameterizedTest
    @CsvSource({"anonuid=-2,-2", "anonuid=4294967294,-2", "anonuid=0,0"})
    void unsignedIds(String option, int uid) {
        assertThat(options(option).anonUid()).isEqualTo(uid);
    }

    @ParameterizedTest
    @CsvSource({
        "fsid=0,0",
        "fsid=root,0",
        "fsid=42,42",
        "fsid=18446744073709551615,-1",
        "fsid=00000000-0000-0001-0000-000000000003,2"
    })
    void fsids(String option, long fsid) {
        assertThat(one("/a h(" + option + ")").fsid()).isEqualTo(fsid);
    }

    @Test
    void theDefaultFsidIsOfThePathAlone() {
        long fsid = one("/srv/data h(rw)").fsid();
        assertThat(fsid)
                .isEqualTo(one("/srv/data *").fsid())
                .isNotEqualTo(one("/srv/data2 *").fsid());
        // A promise: it is in handles that clients keep.
        assertThat(Long.toHexString(fsid)).isEqualTo("96b53e47e3fc7c29");
    }

    @Test
    void theMostSpecificClientComesFirst() {
        ExportDefinition export = one("/a * @group *.example.org 10.0.0.0/8 10.1.0.0/16 10.1.2.3 host");
        assertThat(export.rules())
                .extracting(r -> r.client().text())
                .containsExactly("10.1.2.3", "host", "10.1.0.0/16", "10.0.0.0/8", "*.example.org", "@group", "*");
    }

    @Test
    void linesOfOnePathAreOneExport() {
        ExportDefinition export = one("/a h1(rw,fsid=3)\n/a/ h2(ro)");
        assertThat(export.fsid()).isEqualTo(3);
        assertThat(export.rules()).hasSize(2);
    }

    @Test
    void durableForAllWhereOneWantsIt() {
        assertThat(one("/a h1(async) h2(sync)").sync()).isTrue();
        assertThat(one("/a h1(async) h2(async)").sync()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a h(frobnicate)          | unknown option 'frobnicate'",
                "/a h(rw,fsid=x)           | option 'fsid=x'",
                "/a h(anonuid=-1)          | option 'anonuid=-1'",
                "/a h(anonuid=4294967295)  | option 'anonuid=4294967295'",
                "/a h(anongid=x)           | option 'anongid=x'",
                "/a h(sec=krb5)            | only sec=sys",
                "/a h(sec=krb5:krb5p)      | option 'sec=krb5:krb5p': only sec=sys",
                "/a h(sec=none)            | only sec=sys",
                "/a h(sec=)                | unknown security flavour",
                "/a h(sec=sys:frob)        | option 'sec=sys:frob': unknown security flavour",
                "/a h(xprtsec=tls)         | unknown option 'xprtsec=tls'",
                "/a -bad h                 | unknown option 'bad'",
                "/a h(rw                   | pair of parentheses",
                "/a h(rw)x                 | pair of parentheses",
                "/a h((rw)                 | pair of parentheses",
                "a h                       | a path starts with /",
                "/a/../b h                 | without . and ..",
                "/a @(rw)                  | client '@' is no name of a netgroup",
                "/a @-x(rw)                | client '@-x' is no name of a netgroup",
                "/a 10.0.0.256             | no IP address",
                "/a 10.0.0.0/33            | at most 32 bits",
                "/a 10.0.0.0/255.0.255.0   | no prefix length or netmask",
                "/a fe80::/129             | at most 128 bits",
                "/a 2001:db8::g            | no IP address",
                "/a host/24                | starts with an address",
                "/a 10.0.*                 | use a network",
                "/a ho$t                   | no host name",
                "/a -rw h -                | ",
                "/a h h                    | names the client 'h' twice",
                "/a h[                     | bad character class",
                "/a h[b-a]                 | bad character class",
            })
    void aWrongLineIsNamedAndTheOthersAreServed(String line, String message) {
        ParsedExports parsed = parse("/before *\n" + line + "\n/after *\n");
        assertThat(parsed.definitions()).extracting(d -> d.path().toString()).contains("/before", "/after");
        if (message != null) {
            assertThat(parsed.problems()).hasSize(1);
            assertThat(parsed.problems().get(0).toString())
                    .startsWith("exports:2: ")
                    .contains(message);
            assertThat(parsed.definitions()).hasSize(2);
        }
    }

    @Test
    void whatMountCannotTellIsRefused() {
        assertThat(parse("/" + "a".repeat(1023) + " h").problems()).isEmpty();
        assertThat(parse("/" + "a".repeat(1024) + " h").problems())
                .extracting(Object::toString)
                .allSatisfy(p -> assertThat(p).contains("longer than 1024 bytes"))
                .hasSize(1);
        assertThat(parse("/a " + "h".repeat(255)).problems()).isEmpty();
        assertThat(parse("/a " + "h".repeat(256)).problems()).hasSize(1);
    }

    @Test
    void theSameFsidTwiceIsRefused() {
        ParsedExports parsed = parse("/a *(fsid=1)\n/b *(fsid=1)\n/c *");
        assertThat(parsed.definitions()).extracting(d -> d.path().toString()).containsExactly("/a", "/c");
        assertThat(parsed.problems())
                .extracting(Object::toString)
                .containsExactly("exports:2: export /b has the same fsid as /a: give one of them another by fsid=");
    }

    @Test
    void twoFsidsOfOneExportAreRefused() {
        ParsedExports parsed = parse("/a h1(fsid=1) h2(fsid=2)");
        assertThat(parsed.definitions()).isEmpty();
        assertThat(parsed.problems())
                .extracting(Object::toString)
                .containsExactly("exports:1: export /a has different fsids for different clients");
    }

    @Property
    void anyTextIsReadOrRefused(
            @ForAll
                    @Chars({'/', '(', ')', '"', '\\', '#', '*', '[', ']', '-', ',', '=', '@', ':', '.', ' ', '\n', '0'})
                    @CharRange(from = 'a', to = 'f')
                    @StringLength(max = 60)
                    String text) {
        ParsedExports parsed = parse("/x h\n" + text);
        assertThat(List.of(parsed.definitions().size(), parsed.problems().size()))
                .isNotNull();
    }
}
