package io.tessellate.pipeline.doctor;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.report.Report;
import io.tessellate.pipeline.report.TextTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the doctor found. */
public record DoctorReport(List<Diagnosis> diagnoses) implements Report {
    /** Copies the list. */
    public DoctorReport {
        diagnoses = List.copyOf(diagnoses);
    }

    private List<Diagnosis> wrong() {
        return diagnoses.stream()
                .filter(diagnosis -> diagnosis.verdict() == Diagnosis.Verdict.WRONG)
                .toList();
    }

    @Override
    public Object json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ok", wrong().isEmpty());
        json.put("checks", diagnoses.stream().map(DoctorReport::json).toList());
        return json;
    }

    private static Map<String, Object> json(Diagnosis diagnosis) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("check", diagnosis.name());
        json.put("verdict", diagnosis.verdict().name().toLowerCase(Locale.ROOT));
        json.put("found", diagnosis.found());
        json.put("advice", diagnosis.advice().isEmpty() ? null : diagnosis.advice());
        return json;
    }

    @Override
    public String text() {
        TextTable table = new TextTable("check", "verdict", "found");
        diagnoses.forEach(diagnosis ->
                table.row(diagnosis.name(), diagnosis.verdict().name().toLowerCase(Locale.ROOT), diagnosis.found()));
        String advice = diagnoses.stream()
                .filter(diagnosis -> !diagnosis.advice().isEmpty())
                .collect(Collectors.groupingBy(
                        Diagnosis::advice,
                        LinkedHashMap::new,
                        Collectors.mapping(Diagnosis::name, Collectors.joining(", "))))
                .entrySet()
                .stream()
                .map(alike -> "%s: %s\n".formatted(alike.getValue(), alike.getKey()))
                .collect(Collectors.joining());
        return advice.isEmpty() ? table.toString() : "%s\nwhat to do\n%s".formatted(table, advice);
    }

    @Override
    public Optional<TessellateException> failure() {
        List<Diagnosis> wrong = wrong();
        return wrong.isEmpty()
                ? Optional.empty()
                : Optional.of(new TessellateException(
                        ErrorCode.NOT_READY,
                        "%d of %d checks found something wrong: %s"
                                .formatted(
                                        wrong.size(),
                                        diagnoses.size(),
                                        wrong.stream().map(Diagnosis::name).collect(Collectors.joining(", ")))));
    }
}
