package io.tessellate.pipeline.analysis;

import io.tessellate.engine.forecast.EarlierConflict;
import io.tessellate.engine.forecast.LayerDemand;
import io.tessellate.engine.forecast.MaskForecast;
import io.tessellate.engine.forecast.TaskOutlook;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.report.Report;
import io.tessellate.pipeline.report.TextTable;
import io.tessellate.text.NumberText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a training would meet, before it is trained. */
public record ForecastReport(TaskOutlook outlook) implements Report {
    @Override
    public Map<String, @Nullable Object> json() {
        MaskForecast mask = outlook.mask();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("model", outlook.task().model().value());
        json.put("task", outlook.task().task().value());
        json.put("version", outlook.version());
        json.put("method", mask.recipe().method());
        json.put("density", mask.recipe().density());
        json.put("presumed", mask.presumed());
        json.put("examples", mask.examples());
        json.put("ofExamples", mask.of());
        json.put("calibrationSteps", mask.steps());
        json.put("exact", mask.exact());
        json.put("targeted", mask.targeted().cardinality());
        json.put("free", mask.targeted().minus(mask.owned()).cardinality());
        json.put("wanted", mask.wanted().cardinality());
        json.put("wantedOwned", mask.wanted().intersectionSize(mask.owned()));
        json.put("fits", mask.chosen().isPresent());
        json.put("lacking", mask.lacking().isEmpty() ? null : mask.lacking());
        json.put("more", outlook.more());
        json.put("owners", outlook.owners().stream().map(ForecastReport::owner).toList());
        json.put("layers", mask.layers().stream().map(ForecastReport::layer).toList());
        json.put(
                "conflicts",
                mask.conflicts().stream().map(ForecastReport::conflict).toList());
        json.put("leftOut", outlook.leftOut());
        return json;
    }

    private static Map<String, Object> owner(TaskOutlook.Owner owner) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("task", owner.task().value());
        json.put("version", owner.version());
        json.put("owned", owner.owned());
        json.put("wanted", owner.wanted());
        return json;
    }

    private static Map<String, Object> layer(LayerDemand layer) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("layer", layer.layer().value());
        json.put("targeted", layer.targeted());
        json.put("owned", layer.owned());
        json.put("wanted", layer.wanted());
        json.put("wantedOwned", layer.wantedOwned());
        json.put("chosen", layer.chosen());
        json.put("left", layer.left());
        return json;
    }

    /** The cosine is null where a gradient is 0: JSON has no number for it. */
    private static Map<String, @Nullable Object> conflict(EarlierConflict conflict) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("task", conflict.task().task().value());
        json.put("examples", conflict.examples());
        json.put("cosine", Double.isFinite(conflict.cosine()) ? conflict.cosine() : null);
        json.put("gradient", conflict.length());
        return json;
    }

    /** A training would end so; the answer is printed all the same. */
    @Override
    public Optional<TessellateException> failure() {
        return outlook.mask().chosen().isPresent()
                ? Optional.empty()
                : Optional.of(new TessellateException(
                        ErrorCode.CAPACITY,
                        "%s does not fit on version %d: %s; less --density, --exhaustion shrink, a task dropped or another model would make room"
                                .formatted(
                                        outlook.task(),
                                        outlook.version(),
                                        outlook.mask().lacking())));
    }

    @Override
    public String text() {
        return heading() + owners() + layers() + conflicts() + remarks();
    }

    private String heading() {
        MaskForecast mask = outlook.mask();
        long wanted = mask.wanted().cardinality();
        long owned = mask.wanted().intersectionSize(mask.owned());
        String fits = mask.chosen().isPresent()
                ? "it fits, and %s more of this size behind it".formatted(TextTable.count(outlook.more()))
                : "it does not fit: " + mask.lacking();
        return "%s by %s, density %s, on version %d: %s%nwants %s weights, of which earlier tasks own %s (%s)%n"
                .formatted(
                        outlook.task(),
                        mask.recipe().method(),
                        mask.recipe().density(),
                        outlook.version(),
                        fits,
                        TextTable.count(wanted),
                        TextTable.count(owned),
                        TextTable.percent(wanted == 0 ? 0 : (double) owned / wanted));
    }

    private String owners() {
        if (outlook.owners().isEmpty()) {
            return "";
        }
        long wanted = Math.max(1, outlook.mask().wanted().cardinality());
        TextTable table = new TextTable("owner", "version", "owns", "wanted of it", "of what is wanted");
        outlook.owners()
                .forEach(owner -> table.row(
                        owner.task().value(),
                        Integer.toString(owner.version()),
                        TextTable.count(owner.owned()),
                        TextTable.count(owner.wanted()),
                        TextTable.percent((double) owner.wanted() / wanted)));
        return "\n" + table;
    }

    private String layers() {
        TextTable table = new TextTable("layer", "targeted", "owned", "wanted", "owned of it", "chosen", "left");
        for (LayerDemand layer : outlook.mask().layers()) {
            table.row(
                    layer.layer().value(),
                    TextTable.count(layer.targeted()),
                    TextTable.count(layer.owned()),
                    TextTable.count(layer.wanted()),
                    TextTable.count(layer.wantedOwned()),
                    TextTable.count(layer.chosen()),
                    TextTable.count(layer.left()));
        }
        return "\n" + table;
    }

    private String conflicts() {
        List<EarlierConflict> all = outlook.mask().conflicts();
        if (all.isEmpty()) {
            return "";
        }
        TextTable table = new TextTable("earlier task", "examples", "cosine", "first steps");
        for (EarlierConflict conflict : all) {
            table.row(
                    conflict.task().task().value(),
                    TextTable.count(conflict.examples()),
                    Double.isFinite(conflict.cosine()) ? NumberText.signed(conflict.cosine(), 3) : "-",
                    Double.isFinite(conflict.cosine())
                            ? conflict.cosine() < 0 ? "raise its loss" : "lower its loss, or leave it"
                            : "not defined: a gradient is 0");
        }
        return "\n" + table;
    }

    private String remarks() {
        MaskForecast mask = outlook.mask();
        StringBuilder text = new StringBuilder("\n");
        text.append("looked at %s of %s examples, %s steps of calibration; %s%n"
                .formatted(
                        TextTable.count(mask.examples()),
                        TextTable.count(mask.of()),
                        TextTable.count(mask.steps()),
                        mask.exact()
                                ? "a training that began now would begin with exactly this mask"
                                : "a training may begin with another mask (--share 1 looks at all)"));
        mask.presumed()
                .forEach((field, value) -> text.append("%s is left to a race, presumed %s%n".formatted(field, value)));
        outlook.leftOut().forEach(left -> text.append("not held against %s%n".formatted(left)));
        return text.toString();
    }
}
