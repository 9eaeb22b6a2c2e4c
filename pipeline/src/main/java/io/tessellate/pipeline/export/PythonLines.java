package io.tessellate.pipeline.export;

import static io.tessellate.pipeline.export.PythonModel.list;
import static io.tessellate.pipeline.export.PythonModel.quoted;

import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.Objective;
import java.util.List;
import java.util.stream.Collectors;

/** The lines of Python with which an exported model predicts what it predicts here. */
record PythonLines(PythonModel model) {
    /** Tokens of a text where its task names no limit. */
    static final int NEW_TOKENS = 64;

    /** Of one task. */
    String of(ExportedTask task) {
        if (!task.hasHead()) {
            return task.answer() == Objective.Answer.CHOICE ? likelihoods(task) : texts(task);
        }
        return task.answer() == Objective.Answer.CHOICE
                ? choices(task)
                : judgements(described(task), task.answer() == Objective.Answer.VALUE ? VALUE : PROBABILITIES);
    }

    /** Of several tasks that judge a text each, the wanted one named first. */
    String of(List<ExportedTask> tasks) {
        String each = tasks.stream()
                .map(task -> "    %s: (%s),\n".formatted(quoted(key(task)), described(task)))
                .collect(Collectors.joining());
        return judgements("{\n" + each + "}[sys.argv.pop(1)]", EITHER);
    }

    /** What the task is called on the command line. */
    static String key(ExportedTask task) {
        String file = task.headFile().substring(task.headFile().lastIndexOf('/') + 1);
        return file.substring(0, file.length() - ".safetensors".length());
    }

    private static String described(ExportedTask task) {
        String labels = task.answer() == Objective.Answer.CLASS ? list(task.labels()) : "None";
        return "%s, %s, %d"
                .formatted(quoted(task.headFile()), labels, task.recipe().maxLength());
    }

    private static final String PROBABILITIES = """
                probabilities = torch.softmax(logits, 0)
                print(labels[probabilities.argmax()], *(f"{p:.7f}" for p in probabilities.tolist()), sep="\\t")
            """;

    private static final String VALUE = """
                print(f"{logits.item():.7f}")
            """;

    private static final String EITHER = """
                answer = torch.softmax(logits, 0) if labels else logits
                print(labels[answer.argmax()] if labels else "", *(f"{p:.7f}" for p in answer.tolist()), sep="\\t")
            """;

    private String judgements(String task, String answer) {
        return opening("AutoModel", "from safetensors.torch import load_file\n")
                + "head_file, labels, length = " + task + "\n"
                + "head = load_file(head_file)\n"
                + "for text in sys.argv[1:]:\n"
                + logits("text")
                + answer;
    }

    private String choices(ExportedTask task) {
        return opening("AutoModel", "from safetensors.torch import load_file\n")
                + "length = " + task.recipe().maxLength() + "\n"
                + "head, logits_of_choices = load_file(" + quoted(task.headFile()) + "), []\n"
                + "prompt, *choices = sys.argv[1:]\n"
                + prompt(task)
                + "for choice in choices:\n"
                + logits("prompt, choice")
                + """
                    logits_of_choices.append(logits)
                probabilities = torch.softmax(torch.cat(logits_of_choices), 0)
                print(choices[probabilities.argmax()], *(f"{p:.7f}" for p in probabilities.tolist()), sep="\\t")
                """;
    }

    private String opening(String type, String imports) {
        return "import sys, torch\n"
                + model.imports()
                + imports
                + "from transformers import " + type + ", PreTrainedTokenizerFast\n\n"
                + "tokenizer = PreTrainedTokenizerFast(tokenizer_file=\"tokenizer.json\"" + model.inputs() + ")\n"
                + "model = " + model.load(type) + ".eval()\n";
    }

    private String logits(String texts) {
        return """
                    batch = tokenizer(%s, truncation=True, max_length=length, return_tensors="pt")
                    with torch.no_grad():
                        hidden = model(**batch).last_hidden_state[0]
                    features = torch.cat([hidden[%d], hidden.mean(0)])[:head["weight"].shape[1]]
                    logits = head["weight"] @ features + head["bias"]
                """.formatted(texts, model.speaker());
    }

    private static String prompt(ExportedTask task) {
        String template = task.requireManifest().promptTemplate();
        return template.equals(Manifest.PROMPT)
                ? ""
                : "prompt = " + quoted(template) + ".replace(\"{prompt}\", prompt)\n";
    }

    /** Greedily, as a task without a temperature is decoded. */
    private String texts(ExportedTask task) {
        Integer most = task.requireManifest().decoding().maxNewTokens();
        return opening("AutoModelForCausalLM", "")
                + "ends, most, positions = %s, %d, %d\n"
                        .formatted(model.ends(), most == null ? NEW_TOKENS : most, model.positions())
                + "for prompt in sys.argv[1:]:\n"
                + prompt(task).indent(4)
                + """
                    ids = start = tokenizer(prompt, return_tensors="pt").input_ids%s
                    with torch.no_grad():
                        while ids.shape[1] < min(start.shape[1] + most, positions):
                            token = model(input_ids=ids).logits[0, -1].argmax()
                            if token.item() in ends:
                                break
                            ids = torch.cat([ids, token.view(1, 1)], 1)
                    before, after = (
                        tokenizer.decode(some, skip_special_tokens=True, clean_up_tokenization_spaces=False)
                        for some in (start[0], ids[0])
                    )
                    print(after[len(before):])
                """.formatted(open());
    }

    /** A prompt's tokens without those that the tokenizer puts behind a text. */
    private String open() {
        return model.trailing() == 0 ? "" : "[:, :-%d]".formatted(model.trailing());
    }

    /** The choice whose tokens, the end among them, are likeliest on average. */
    private String likelihoods(ExportedTask task) {
        String end = model.ends().isEmpty() ? "" : "+ [" + model.ends().get(0) + "]";
        String cut = model.trailing() == 0 ? "" : "[:-%d]".formatted(model.trailing());
        return opening("AutoModelForCausalLM", "")
                + "prompt, *choices = sys.argv[1:]\n"
                + prompt(task)
                + """
                start, losses = tokenizer(prompt).input_ids%s, []
                for choice in choices:
                    apart = "" if prompt[-1:].isspace() or choice[:1].isspace() else " "
                    ids = tokenizer(prompt + apart + choice).input_ids%s %s
                    assert ids[:len(start)] == start, "a token reaches from the prompt into the choice"
                    with torch.no_grad():
                        logits = model(input_ids=torch.tensor([ids])).logits[0, len(start) - 1:-1]
                    losses.append(torch.nn.functional.cross_entropy(logits, torch.tensor(ids[len(start):])).item())
                print(choices[losses.index(min(losses))], *(f"{loss:.7f}" for loss in losses), sep="\\t")
                """.formatted(cut, cut, end);
    }

    /**
     * Of an ONNX file.
     *
     * @param names of its inputs
     */
    static String onnx(ExportedTask task, List<String> names) {
        boolean choice = task.answer() == Objective.Answer.CHOICE;
        String inputs = names.stream().map(PythonLines::input).collect(Collectors.joining(", ", "{", "}"));
        String start = """
                import sys, numpy, onnxruntime
                from tokenizers import Tokenizer

                tokenizer = Tokenizer.from_file("tokenizer.json")
                tokenizer.no_padding()
                tokenizer.enable_truncation(%d)
                session = onnxruntime.InferenceSession("model.onnx")
                """.formatted(task.recipe().maxLength());
        return start + (choice ? onnxChoices(task, inputs) : onnxTexts(task, inputs));
    }

    private static String input(String name) {
        String of = switch (name) {
            case "input_ids" -> "e.ids";
            case "attention_mask" -> "e.attention_mask";
            default -> "e.type_ids";
        };
        return "%s: numpy.array([%s for e in encoded])".formatted(quoted(name), of);
    }

    private static String onnxTexts(ExportedTask task, String inputs) {
        boolean value = task.answer() == Objective.Answer.VALUE;
        String answer = value ? "    print(f\"{session.run(['value'], inputs)[0][0]:.7f}\")\n" : """
                    probabilities = session.run(["probabilities"], inputs)[0][0]
                    print(labels[probabilities.argmax()], *(f"{p:.7f}" for p in probabilities), sep="\\t")
                """;
        return (value ? "" : "labels = " + list(task.labels()) + "\n")
                + "for text in sys.argv[1:]:\n    encoded = [tokenizer.encode(text)]\n    inputs = "
                + inputs + "\n" + answer;
    }

    private static String onnxChoices(ExportedTask task, String inputs) {
        return "prompt, *choices = sys.argv[1:]\n"
                + prompt(task)
                + "tokenizer.enable_padding()\nencoded = tokenizer.encode_batch([(prompt, c) for c in choices])\n"
                + "inputs = {name: rows[None] for name, rows in " + inputs + ".items()}\n"
                + """
                probabilities = session.run(["probabilities"], inputs)[0][0]
                print(choices[probabilities.argmax()], *(f"{p:.7f}" for p in probabilities), sep="\\t")
                """;
    }
}
