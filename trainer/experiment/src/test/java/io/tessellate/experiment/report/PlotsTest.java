package io.tessellate.experiment.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.experiment.plan.Arm;
import io.tessellate.experiment.plan.Protocol;
import io.tessellate.experiment.plot.LineChart;
import io.tessellate.experiment.plot.Picture;
import io.tessellate.experiment.result.ArmResult;
import io.tessellate.experiment.result.Moved;
import io.tessellate.experiment.result.RunOutcome;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class PlotsTest {
    private static final List<String> TASKS = List.of("a<b", "second");

    static ArmResult arm(String name, double density) {
        Map<String, Object> swept = Map.of("density", density);
        var arm = new Arm(
                name, "LoTTO", swept, Protocol.SEQUENCE, Map.of(), swept, List.of(0.001), List.of(), null, null);
        var outcome = new RunOutcome(
                name,
                name,
                Map.of(),
                List.of(List.of(0.9), List.of(0.4, 0.8)),
                List.of(List.of(0.9), List.of(0.9, 0.8)),
                true,
                List.of(1L, 1L),
                List.of("x", "y"),
                List.of(),
                1,
                List.of(),
                List.of(new Moved(2, 0.1, 0.2)),
                List.of());
        return new ArmResult(arm, arm.recipe(Map.of(), arm.firstChoice(), 0), 1, null, List.of(), List.of(outcome));
    }

    private static LineChart chart(boolean fromZero, Double... values) {
        return new LineChart(
                "t", new LineChart.Places(TASKS), List.of(LineChart.Line.over("l", List.of(values))), fromZero);
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

    private static Map<String, Picture> pictures(ArmResult... arms) {
        return new Plots(TASKS, List.of(arms)).pictures();
    }

    @Test
    void everyArmHasBothMatricesAndAllShareOneCurve() throws Exception {
        Map<String, Picture> pictures = pictures(arm("one", 0.1), arm("two", 0.1));
        assertThat(pictures.keySet())
                .containsExactly("forgetting", "matrix-1-union", "matrix-1-task", "matrix-2-union", "matrix-2-task");
        assertThat(texts(pictures.get("matrix-1-union").svg()))
                .contains("one, union view", "after a<b", "0.900", "0.400", "0.800");
        assertThat(texts(pictures.get("forgetting").svg())).contains("one", "two", "second");
    }

    @Test
    void forgettingIsDrawnToScale() throws Exception {
        String svg = chart(true, 0.0, 0.5).svg();
        var dots = parse(svg).getElementsByTagName("circle");
        double bottom = Double.parseDouble(((Element) dots.item(0)).getAttribute("cy"));
        double top = Double.parseDouble(((Element) dots.item(1)).getAttribute("cy"));
        assertThat(bottom).isEqualTo(320);
        assertThat(top).isEqualTo(40);
    }

    @Test
    void aGapIsNoPointAndAxesNameNoNegativeZero() throws Exception {
        String svg = chart(true, Double.NaN, -0.0001).svg();
        assertThat(parse(svg).getElementsByTagName("circle").getLength()).isEqualTo(1);
        assertThat(texts(svg)).contains("0.000").doesNotContain("-0.000", "NaN");
    }

    /** Neither axis is of places here; the line goes through its points in their order, and back. */
    @Test
    void oneQuantityIsDrawnAgainstAnother() throws Exception {
        var line = new LineChart.Line(
                "l", List.of(new LineChart.Point(2, 0.5), new LineChart.Point(4, 1), new LineChart.Point(3, 0.5)));
        String svg = new LineChart("t", new LineChart.Quantity("steps"), List.of(line), false).svg();
        assertThat(texts(svg)).contains("steps", "2.000", "4.000", "0.500", "1.000");
        var dots = parse(svg).getElementsByTagName("circle");
        assertThat(IntStream.range(0, 3)
                        .mapToObj(i -> ((Element) dots.item(i)).getAttribute("cx"))
                        .toList())
                .containsExactly("80.0", "620.0", "350.0");
    }

    @Test
    void threeValuesOfASweptFieldMakeACurveOfEachFamily() throws Exception {
        Map<String, Picture> pictures = pictures(arm("p", 0.05), arm("q", 0.1), arm("r", 0.2));
        assertThat(texts(pictures.get("sweep-density-acc").svg())).contains("0.05", "0.1", "0.2", "LoTTO");
        assertThat(pictures).containsKey("sweep-density-learnt");
    }

    /** Two pixels for every unit; the curve's colour is where the curve is. */
    @Test
    void theSameDrawingComesAsPixels() throws Exception {
        var chart = chart(true, 0.0, 0.5);
        var image = ImageIO.read(new ByteArrayInputStream(chart.png()));
        assertThat(image.getWidth()).isEqualTo(2 * chart.width());
        assertThat(image.getHeight()).isEqualTo(2 * chart.height());
        assertThat(image.getRGB(2 * 80, 2 * 320)).isEqualTo(0xff0072b2);
        assertThat(image.getRGB(4, 4)).isEqualTo(0xffffffff);
    }
}
