package io.tessellate.pipeline.export;

import io.tessellate.dataset.manifest.Decoding;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.error.StorageFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What lies beside every export for those who have nothing else of ours: what it is, and the lines of Python that predict with it.
 *
 * @param title of the page
 * @param packages that the lines need
 * @param lines of Python; empty where there is nothing to predict
 * @param remarks what somebody should know before, a paragraph each
 */
record ExportReadme(String title, String packages, String lines, List<String> remarks) {
    /** The file. */
    static final String FILE = "README.md";

    /** What a base's own page of that name becomes. */
    static final String OF_BASE = "README-base.md";

    private static final String TRANSFORMERS = "torch transformers safetensors";
    private static final String NOTHING =
            "This is the base alone: no task was trained, so there is nothing to predict.";

    private static final String NO_POOLER =
            "Where transformers says that a pooler is newly initialized: it is, and nothing here reads it.";

    ExportReadme {
        remarks = List.copyOf(remarks);
    }

    /** Of a model directory or an adapter with one task. */
    static ExportReadme of(VersionView view, ExportedTask task, PythonModel model) {
        String packages = model.imports().isEmpty() ? TRANSFORMERS : TRANSFORMERS + " peft";
        if (!task.hasHead() && task.manifest().isEmpty()) {
            String unknown = "What %s is asked is not known: its dataset is in no event.".formatted(task.name());
            return new ExportReadme(view.title(), packages, "", List.of(unknown));
        }
        return new ExportReadme(view.title(), packages, new PythonLines(model).of(task), remarks(task, model));
    }

    /** Of a model directory with several tasks' heads. */
    static ExportReadme of(String title, List<ExportedTask> tasks, PythonModel model) {
        List<ExportedTask> judging =
                tasks.stream().filter(ExportReadme::judgesTexts).toList();
        List<String> remarks = new ArrayList<>();
        if (tasks.isEmpty()) {
            remarks.add(NOTHING);
        }
        if (!judging.isEmpty()) {
            remarks.add("The first argument is a task, one of: %s."
                    .formatted(judging.stream().map(PythonLines::key).collect(Collectors.joining(", "))));
        }
        String others = tasks.stream()
                .filter(task -> !judgesTexts(task))
                .map(ExportedTask::name)
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            remarks.add(
                    "Other lines are needed for %s: an export of that task (`--task`) holds them.".formatted(others));
        }
        if (judging.stream().anyMatch(task -> task.manifest().isEmpty())) {
            remarks.add(
                    "Of tasks read from an adapter's file nothing but the head is known: their classes are numbered.");
        }
        mixed(judging, remarks);
        if (!judging.isEmpty() && model.speaker() == 0) {
            remarks.add(NO_POOLER);
        }
        String lines = judging.isEmpty() ? "" : new PythonLines(model).of(judging);
        return new ExportReadme(title, TRANSFORMERS, lines, remarks);
    }

    /** Of an ONNX file. */
    static ExportReadme onnx(VersionView view, ExportedTask task, List<String> inputs) {
        List<String> remarks = new ArrayList<>();
        mixed(List.of(task), remarks);
        remarks.add("Several texts at once are padded behind their tokens, with 0 in `attention_mask`.");
        return new ExportReadme(view.title(), "onnxruntime tokenizers numpy", PythonLines.onnx(task, inputs), remarks);
    }

    private static boolean judgesTexts(ExportedTask task) {
        return switch (task.answer()) {
            case CLASS, VALUE -> task.hasHead();
            case CHOICE, TEXT -> false;
        };
    }

    private static List<String> remarks(ExportedTask task, PythonModel model) {
        List<String> remarks = new ArrayList<>();
        mixed(List.of(task), remarks);
        if (task.hasHead() && model.speaker() == 0) {
            remarks.add(NO_POOLER);
        }
        switch (task.answer()) {
            case CLASS, VALUE -> remarks.add("A pair of texts is `tokenizer(first, second, ...)`.");
            case CHOICE -> remarks.add("The first argument is the prompt, the others are the choices.");
            case TEXT -> ofTexts(task.requireManifest(), model, remarks);
        }
        return remarks;
    }

    private static void ofTexts(Manifest manifest, PythonModel model, List<String> remarks) {
        Decoding decoding = manifest.decoding();
        remarks.add(
                "`model.generate(..., do_sample=False)` does the same faster, since it keeps what it has computed.");
        if (decoding.temperature() > 0) {
            remarks.add(
                    "Texts were scored as drawn with temperature %s from a generator of our own; these lines take the likeliest token."
                            .formatted(decoding.temperature()));
        }
        if (decoding.maxNewTokens() == null) {
            remarks.add("No limit of tokens is set; the lines stop after " + PythonLines.NEW_TOKENS + ".");
        }
        if (model.ends().isEmpty()) {
            remarks.add("The model names no token that ends a text.");
        }
        if (manifest.chatTemplate().isPresent()) {
            remarks.add("Prompts are conversations: give the text that the model's chat template makes, and"
                    + " `add_special_tokens=False` to the tokenizer.");
        }
    }

    private static void mixed(List<ExportedTask> tasks, List<String> remarks) {
        String names = tasks.stream()
                .filter(ExportedTask::mixed)
                .map(ExportedTask::name)
                .collect(Collectors.joining(", "));
        if (!names.isEmpty()) {
            remarks.add(
                    "%s may have been scored in mixed precision; these lines compute in single, and the last digits differ."
                            .formatted(names));
        }
    }

    /** Writes it; a page that belongs to the base is kept under another name. */
    void write(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            if (Files.exists(file)) {
                Files.move(file, directory.resolve(OF_BASE));
            }
            Files.writeString(file, text(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw StorageFailure.of(file + " cannot be written", e);
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder("# ").append(title).append("\n\nWritten by Tessellate.\n");
        if (!lines.isEmpty()) {
            text.append("\nWith `pip install ").append(packages);
            text.append("`, in this folder, saved as `predict.py`: `python predict.py TEXT [TEXT ...]`\n");
            text.append("\n```python\n").append(lines).append("```\n");
        }
        remarks.forEach(remark -> text.append('\n').append(remark).append('\n'));
        return text.toString();
    }
}
