package io.tessellate.engine.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class PlotsTest {
    private static final List<String> TASKS = List.of("a<b", "second");

    private static ArmResult arm(String name, double density) {
        var arm = new Arm(name, Protocol.SEQUENCE, Map.of(), Map.of("density", density), List.of(0.001));
        var outcome = new Outcome(
                name,
                List.of(List.of(0.9), List.of(0.4, 0.8)),
                List.of(List.of(0.9), List.of(0.9, 0.8)),
                true,
                List.of(1L, 1L),
                List.of("x", "y"),
                1);
        return new ArmResult(arm, arm.recipe(Map.of(), 0.001, 0), List.of(outcome));
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<String> texts(String svg) throws Exception {
        var nodes = parse(svg).getElementsByTagName("text");
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> nodes.item(i).getTextContent())
                .toList();
    }

    @Test
    void everyArmHasBothMatricesAndAllShareOneCurve() throws Exception {
        Map<String, String> files = new Plots(TASKS, List.of(arm("one", 0.1), arm("two", 0.1))).files();
        assertThat(files.keySet())
                .containsExactly(
                        "forgetting.svg",
                        "matrix-1-union.svg",
                        "matrix-1-task.svg",
                        "matrix-2-union.svg",
                        "matrix-2-task.svg");
        assertThat(texts(files.get("matrix-1-union.svg")))
                .contains("one, union view", "after a<b", "0.900", "0.400", "0.800");
        assertThat(texts(files.get("forgetting.svg"))).contains("one", "two", "second");
    }

    @Test
    void forgettingIsDrawnToScale() throws Exception {
        String svg = new LineChart("t", TASKS, List.of(new LineChart.Line("l", List.of(0.0, 0.5)))).svg();
        var dots = parse(svg).getElementsByTagName("circle");
        double bottom = Double.parseDouble(((Element) dots.item(0)).getAttribute("cy"));
        double top = Double.parseDouble(((Element) dots.item(1)).getAttribute("cy"));
        assertThat(bottom).isEqualTo(320);
        assertThat(top).isEqualTo(40);
    }

    @Test
    void threeDensitiesOfAMethodAreASweep() throws Exception {
        Map<String, String> files = new Plots(TASKS, List.of(arm("p", 0.05), arm("q", 0.1), arm("r", 0.2))).files();
        assertThat(texts(files.get("density-lotto.svg"))).contains("0.05", "0.1", "0.2", "ACC", "learnt");
    }
}
