package io.mooring.itests;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The last line of {@code mvn verify}: what was skipped and why, read from the XML reports of all modules. Where root is
 * available nothing may be skipped: then a skipped test fails the build. Immutable.
 */
public final class SkipSummary {

    private static final String UNSAID = "no reason given";

    private final int tests;
    private final Map<String, Integer> reasons;

    private SkipSummary(int tests, Map<String, Integer> reasons) {
        this.tests = tests;
        this.reasons = reasons;
    }

    /**
     * Prints the line.
     *
     * @param arguments the top of the repository, and when this build began (ISO 8601): older reports are of earlier builds
     */
    public static void main(String[] arguments) throws IOException {
        SkipSummary summary = of(Path.of(arguments[0]), Instant.parse(arguments[1]));
        PrintStream out = System.out;
        out.println(summary.line());
        boolean root = Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        if (root && summary.skipped() > 0) {
            throw new IllegalStateException("run as root, where nothing may be skipped: " + summary.line());
        }
    }

    static SkipSummary of(Path top, Instant begin) throws IOException {
        int tests = 0;
        Map<String, Integer> reasons = new TreeMap<>();
        for (Path report : reports(top, begin)) {
            tests += count(report, reasons);
        }
        return new SkipSummary(tests, reasons);
    }

    int skipped() {
        return reasons.values().stream().mapToInt(Integer::intValue).sum();
    }

    String line() {
        if (skipped() == 0) {
            return "Nothing was skipped: " + tests + " tests.";
        }
        return reasons.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining("; ", "Skipped " + skipped() + " of " + tests + " tests: ", "."));
    }

    private static List<Path> reports(Path top, Instant begin) throws IOException {
        List<Path> reports = new ArrayList<>();
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                boolean inTarget =
                        directory.getParent() != null && directory.getParent().endsWith("target");
                boolean ofReports = directory.endsWith("surefire-reports") || directory.endsWith("failsafe-reports");
                boolean skip = directory.endsWith("src") || directory.endsWith(".git") || (inTarget && !ofReports);
                return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                boolean report = name.startsWith("TEST-") && name.endsWith(".xml");
                if (report && !attributes.lastModifiedTime().toInstant().isBefore(begin)) {
                    reports.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException problem) {
                return FileVisitResult.CONTINUE;
            }
        });
        return reports;
    }

    /** Adds a report's skipped tests to the reasons and gives the number of its tests. */
    private static int count(Path report, Map<String, Integer> reasons) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        int tests = 0;
        try (InputStream in = Files.newInputStream(report)) {
            XMLStreamReader reader = factory.createXMLStreamReader(in);
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT) {
                    if (reader.getLocalName().equals("testcase")) {
                        tests++;
                    } else if (reader.getLocalName().equals("skipped")) {
                        reasons.merge(reason(reader.getAttributeValue(null, "message")), 1, Integer::sum);
                    }
                }
            }
        } catch (XMLStreamException e) {
            throw new IOException("no test report: " + report, e);
        }
        return tests;
    }

    private static String reason(String message) {
        if (message == null || message.isBlank()) {
            return UNSAID;
        }
        return message.strip().lines().findFirst().orElse(UNSAID).replaceFirst("^Assumption failed: ", "");
    }
}
