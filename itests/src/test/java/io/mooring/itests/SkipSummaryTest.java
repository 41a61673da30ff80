package io.mooring.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkipSummaryTest {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path top;

    @Test
    void saysThatNothingWasSkipped() throws IOException {
        report("bundles/a/target/surefire-reports/TEST-A.xml", "<testcase name='x'/><testcase name='y'/>");
        assertThat(SkipSummary.of(top, BEGIN).line()).isEqualTo("Nothing was skipped: 2 tests.");
    }

    @Test
    void countsByReasonOverModulesAndBothKindsOfReport() throws IOException {
        report(
                "bundles/a/target/surefire-reports/TEST-A.xml",
                "<testcase name='x'><skipped message='Assumption failed: not root'/></testcase><testcase name='y'/>");
        report(
                "itests/target/failsafe-reports/TEST-B.xml",
                "<testcase name='x'><skipped message='lab: not root'/></testcase>"
                        + "<testcase name='y'><skipped message='lab: not root'/></testcase>"
                        + "<testcase name='z'><skipped/></testcase>");
        SkipSummary summary = SkipSummary.of(top, BEGIN);
        assertThat(summary.skipped()).isEqualTo(4);
        assertThat(summary.line())
                .isEqualTo("Skipped 4 of 5 tests: lab: not root (2); no reason given (1); not root (1).");
    }

    @Test
    void passesOverReportsOfEarlierBuildsAndOtherFiles() throws IOException {
        Path old = report("a/target/surefire-reports/TEST-A.xml", "<testcase name='x'/>");
        Files.setLastModifiedTime(old, FileTime.from(BEGIN.minus(Duration.ofSeconds(1))));
        report("a/target/other/TEST-A.xml", "<testcase name='x'/>");
        report("a/src/test/resources/TEST-A.xml", "<testcase name='x'/>");
        report("a/target/surefire-reports/testng.xml", "<testcase name='x'/>");
        assertThat(SkipSummary.of(top, BEGIN).line()).isEqualTo("Nothing was skipped: 0 tests.");
    }

    private Path report(String path, String cases) throws IOException {
        Path file = top.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "<testsuite>" + cases + "</testsuite>");
    }
}
