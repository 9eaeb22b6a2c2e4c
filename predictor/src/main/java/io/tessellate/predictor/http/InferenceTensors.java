package io.tessellate.predictor.http;

import io.tessellate.dataset.manifest.FieldNames;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.Objective;
import io.tessellate.engine.answer.Answer;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.predictor.asking.AskedView;
import io.tessellate.predictor.asking.Prediction;
import io.tessellate.predictor.asking.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Texts and answers as tensors of the Open Inference Protocol. Inputs are named as the fields of a record, one element of type BYTES
 * for each question; where choices are offered their lists are of one length, so that they have shape [questions, choices].
 */
final class InferenceTensors {
    private static final String BYTES = "BYTES";

    private InferenceTensors() {}

    static Map<String, Object> metadata(AskedView view) {
        Manifest manifest = view.dataset().manifest();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", view.model() + "." + view.task());
        json.put("versions", List.of(Integer.toString(view.version())));
        json.put("platform", "tessellate");
        json.put("inputs", inputs(manifest));
        json.put("outputs", outputs(manifest));
        return json;
    }

    /** By the names that the task's own records have for them. */
    private static List<Map<String, Object>> inputs(Manifest manifest) {
        FieldNames names = manifest.fields();
        List<Map<String, Object>> inputs = new ArrayList<>();
        if (manifest.chatTemplate().isPresent()) {
            inputs.add(described(named(names.messages(), "messages"), BYTES, -1));
        } else if (manifest.objective().prompted()) {
            inputs.add(described(named(names.prompt(), "prompt"), BYTES, -1));
        } else {
            inputs.add(described(named(names.text(), "text"), BYTES, -1));
        }
        if (names.textPair() != null) {
            inputs.add(described(names.textPair(), BYTES, -1));
        }
        if (manifest.ofChoices()) {
            inputs.add(described(named(names.choices(), "choices"), BYTES, -1, -1));
        }
        return inputs;
    }

    private static String named(@Nullable String field, String own) {
        return field == null ? own : field;
    }

    private static List<Map<String, Object>> outputs(Manifest manifest) {
        if (manifest.objective() == Objective.REGRESSION) {
            return List.of(described("value", "FP64", -1));
        }
        if (manifest.ofChoices()) {
            return List.of(described("index", "INT64", -1), described("probabilities", "FP64", -1, -1));
        }
        if (manifest.objective() == Objective.GENERATION) {
            return List.of(described("text", BYTES, -1));
        }
        return List.of(
                described("index", "INT64", -1),
                described("label", BYTES, -1),
                described("probabilities", "FP64", -1, manifest.labels().size()));
    }

    private static Map<String, Object> described(String name, String type, int... shape) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("datatype", type);
        json.put("shape", Arrays.stream(shape).boxed().toList());
        return json;
    }

    /** A record for each element. */
    static List<Map<String, Object>> records(Map<String, ?> body) {
        if (!(body.get("inputs") instanceof List<?> inputs) || inputs.isEmpty()) {
            throw invalid("'inputs' must be a list of tensors");
        }
        List<Map<String, Object>> records = new ArrayList<>();
        for (Object input : inputs) {
            if (!(input instanceof Map<?, ?> tensor)
                    || !(tensor.get("name") instanceof String name)
                    || !(tensor.get("data") instanceof List<?> data)
                    || !(tensor.get("shape") instanceof List<?> shape)) {
                throw invalid("an input must have a name, a datatype, a shape and data as JSON");
            }
            if (!BYTES.equals(tensor.get("datatype"))) {
                throw invalid("input '%s' has datatype %s, needed is BYTES".formatted(name, tensor.get("datatype")));
            }
            put(records, name, rows(name, shape, flat(data)));
        }
        return records;
    }

    private static void put(List<Map<String, Object>> records, String name, List<Object> rows) {
        if (records.isEmpty()) {
            rows.forEach(row -> records.add(new LinkedHashMap<>()));
        }
        if (records.size() != rows.size()) {
            throw invalid("input '%s' has %d elements, another has %d".formatted(name, rows.size(), records.size()));
        }
        for (int i = 0; i < rows.size(); i++) {
            records.get(i).put(name, rows.get(i));
        }
    }

    private static List<Object> flat(List<?> data) {
        List<Object> flat = new ArrayList<>();
        for (Object element : data) {
            if (element instanceof List<?> inner) {
                flat.addAll(flat(inner));
            } else if (element instanceof String text) {
                flat.add(text);
            } else {
                throw invalid("an element of type BYTES must be a text");
            }
        }
        return flat;
    }

    /** One element for each question; for [questions, choices] a list. */
    private static List<Object> rows(String name, List<?> shape, List<Object> flat) {
        long count = 1;
        for (Object size : shape) {
            if (!(size instanceof Integer number) || number < 1) {
                throw invalid("input '%s' has shape %s".formatted(name, shape));
            }
            count *= number;
        }
        if (shape.isEmpty() || shape.size() > 2 || count != flat.size()) {
            throw invalid("input '%s' has shape %s and %d elements".formatted(name, shape, flat.size()));
        }
        if (shape.size() == 1) {
            return flat;
        }
        int width = (Integer) shape.get(1);
        List<Object> rows = new ArrayList<>();
        for (int from = 0; from < flat.size(); from += width) {
            rows.add(List.copyOf(flat.subList(from, from + width)));
        }
        return rows;
    }

    static Map<String, Object> response(AskedView view, @Nullable Object id, List<Prediction> predictions) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model_name", view.model() + "." + view.task());
        json.put("model_version", Integer.toString(view.version()));
        if (id instanceof String text) {
            json.put("id", text);
        }
        json.put("parameters", Map.of("view", view.view().label()));
        List<Answer> answers = predictions.stream()
                .map(prediction -> ((Reply.Answered) prediction.reply()).answer())
                .toList();
        json.put("outputs", tensors(view.dataset().manifest(), answers));
        return json;
    }

    private static List<Map<String, Object>> tensors(Manifest manifest, List<Answer> answers) {
        int count = answers.size();
        if (answers.get(0) instanceof Answer.Value) {
            return List.of(tensor(described("value", "FP64", count), answers, a -> ((Answer.Value) a).value()));
        }
        if (answers.get(0) instanceof Answer.Text) {
            return List.of(tensor(described("text", BYTES, count), answers, a -> ((Answer.Text) a).text()));
        }
        List<Answer.Choice> choices =
                answers.stream().map(Answer.Choice.class::cast).toList();
        List<Map<String, Object>> tensors = new ArrayList<>();
        tensors.add(tensor(described("index", "INT64", count), choices, Answer.Choice::index));
        if (!manifest.ofChoices()) {
            tensors.add(tensor(
                    described("label", BYTES, count),
                    choices,
                    choice -> manifest.labels().get(choice.index())));
        }
        int width = choices.get(0).probabilities().size();
        Map<String, Object> probabilities = described("probabilities", "FP64", count, width);
        probabilities.put(
                "data",
                choices.stream()
                        .flatMap(choice -> choice.probabilities().stream())
                        .toList());
        tensors.add(probabilities);
        return tensors;
    }

    private static <A> Map<String, Object> tensor(
            Map<String, Object> described, List<A> answers, Function<A, Object> data) {
        described.put("data", answers.stream().map(data).toList());
        return described;
    }

    private static TessellateException invalid(String message) {
        return new TessellateException(ErrorCode.INVALID_ARGUMENT, message);
    }
}
