import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Prints the ten test classes that took longest, by the reports that Surefire and Failsafe leave: {@code java .ci/SlowestTests.java
 * DIRECTORY [SINCE]}. Reports older than SINCE are of earlier builds.
 */
public final class SlowestTests {
    private static final int SHOWN = 10;

    private SlowestTests() {}

    /** One report: a class, and which run of it where there are several. */
    private record Report(String name, String run, double seconds) {
        String line() {
            return "%7.1f s  %s%s".formatted(seconds, name, run.endsWith("-reports") ? "" : " (" + run + ")");
        }
    }

    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        Instant since = arguments.length > 1 ? Instant.parse(arguments[1]) : Instant.MIN;
        List<Report> reports;
        try (Stream<Path> files = Files.find(root, 8, (file, is) -> is.isRegularFile()
                && !is.lastModifiedTime().toInstant().isBefore(since)
                && file.toString().matches(".*/target/[^/]*-reports/.*TEST-[^/]*\\.xml"))) {
            reports = files.flatMap(file -> read(file).stream()).toList();
        }
        if (reports.isEmpty()) {
            return;
        }
        System.out.printf("the slowest of %d test classes:%n", reports.size());
        reports.stream()
                .sorted(Comparator.comparingDouble(Report::seconds).reversed())
                .limit(SHOWN)
                .map(Report::line)
                .forEach(System.out::println);
    }

    /** Nothing of a report that is still being written. */
    private static Optional<Report> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            XMLStreamReader xml = XMLInputFactory.newFactory().createXMLStreamReader(in);
            xml.nextTag();
            String seconds = xml.getAttributeValue(null, "time").replace(",", "");
            return Optional.of(new Report(
                    xml.getAttributeValue(null, "name"),
                    file.getParent().getFileName().toString(),
                    Double.parseDouble(seconds)));
        } catch (IOException | XMLStreamException e) {
            return Optional.empty();
        }
    }
}
