package io.tessellate.pipeline.export;

import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.BaseValues;
import io.tessellate.engine.model.files.ModelExport;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.StorageFailure;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.peft.LoraExport;
import io.tessellate.mask.peft.PeftBase;
import io.tessellate.mask.peft.PeftClass;
import io.tessellate.mask.peft.ShiraExport;
import io.tessellate.pipeline.hub.HubReference;
import io.tessellate.runtime.blob.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Writes a view of a model as an adapter of PEFT, to be loaded on the base. A view whose last task predicts tokens is loaded
 * on the model with its own head for them, any other on the bare model, whose hidden vectors the task's head is fed.
 *
 * @param blobs where base and adapters lie
 * @param manifests of the model's tasks
 * @param basePath what is named as the base; if absent the Hub's name of a model that came from there, else a copy beside
 *     the adapter
 */
public record PeftExport(BlobStore blobs, TaskManifests manifests, Optional<String> basePath) {
    /** The folder of a base that is written beside its adapter. */
    public static final String BASE = "base";

    /**
     * What was written.
     *
     * @param digest of the adapter's weight file
     * @param base what the adapter names as its base
     */
    public record Written(Sha256 digest, String base) {}

    /** Writes a SHiRA adapter into a directory that must be empty or absent. */
    public Written shira(VersionView view, Path directory) {
        return write(view, directory, (adapters, base, values, named) -> {
            requireLinear(view.line(), base);
            return new ShiraExport(model(base, adapters)).write(directory, adapters, values, named);
        });
    }

    /** Writes a LoRA adapter, likewise; every adapter of the view must be a low-rank change. */
    public Written lora(VersionView view, Path directory) {
        return write(
                view,
                directory,
                (adapters, base, values, named) ->
                        new LoraExport(model(base, adapters)).write(directory, adapters, named));
    }

    /** The format of an adapter. */
    private interface Format {
        Sha256 write(List<Adapter> adapters, BaseModel base, BaseValues values, PeftBase named);
    }

    private Written write(VersionView view, Path directory, Format format) {
        if (view.union() && view.subject().isPresent()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "an adapter of PEFT brings the head of its view's last task: the union view under the head of %s has no such format"
                            .formatted(view.task()));
        }
        List<Adapter> adapters = view.adapters(blobs);
        try (BaseFolder folder = new BaseFolder(blobs, view.line());
                BaseValues values = folder.model().values()) {
            BaseModel base = folder.model();
            Path copy = directory.resolve(BASE);
            Optional<PeftBase> elsewhere = elsewhere(view.line(), values);
            PeftBase named = elsewhere.orElseGet(
                    () -> PeftBase.of(copy.toAbsolutePath().normalize().toString()));
            Sha256 digest = format.write(adapters, base, values, named);
            if (elsewhere.isEmpty()) {
                new ModelExport(base, ModelExport.Precision.ORIGINAL).write(new AppliedAdapters(List.of()), copy);
            }
            readme(view, adapters, PythonModel.adapter(base, python(named, elsewhere.isEmpty())))
                    .write(directory);
            Files.copy(
                    base.tokenizerFile(), directory.resolve(base.tokenizerFile().getFileName()));
            return new Written(digest, named.nameOrPath());
        } catch (IOException e) {
            throw StorageFailure.of(directory + " cannot be written", e);
        }
    }

    private ExportReadme readme(VersionView view, List<Adapter> adapters, PythonModel model) {
        List<CommittedVersion> commits = view.holding().commits();
        CommittedVersion last = commits.get(commits.size() - 1);
        Adapter adapter = adapters.get(adapters.size() - 1);
        Optional<Manifest> manifest = manifests.find(last.task(), last.datasetDigest());
        String head = adapter.head().isEmpty() ? "" : ModelExport.HEAD;
        return ExportReadme.of(view, new ExportedTask(adapter, manifest, head), model);
    }

    /** The base as arguments of {@code from_pretrained}. */
    private static String python(PeftBase base, boolean beside) {
        String name = PythonModel.quoted(beside ? BASE : base.nameOrPath());
        return base.revision()
                .map(revision -> name + ", revision=" + PythonModel.quoted(revision))
                .orElse(name);
    }

    /** A base that need not be written. */
    private Optional<PeftBase> elsewhere(ModelLine line, BaseValues values) {
        if (basePath.isPresent()) {
            return Optional.of(given(line, values, basePath.get()));
        }
        if (!HubReference.matches(line.origin())) {
            return Optional.empty();
        }
        HubReference model = HubReference.parse(line.origin());
        return Optional.of(new PeftBase(model.repository(), Optional.of(model.revision())));
    }

    private static PeftBase given(ModelLine line, BaseValues values, String base) {
        Path directory = Path.of(base);
        if (!Files.isDirectory(directory)) {
            return PeftBase.of(
                    HubReference.matches(base) ? HubReference.parse(base).repository() : base);
        }
        try (BaseValues there = BaseModel.load(directory).values()) {
            if (!there.digest().equals(values.digest())) {
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "%s holds other weights than the base of %s".formatted(directory, line.name()));
            }
        }
        return PeftBase.of(directory.toAbsolutePath().normalize().toString());
    }

    private static PeftClass model(BaseModel base, List<Adapter> adapters) {
        String headed = base.headedPrefix();
        boolean transposed = base.config().architecture().storage().transposed();
        String inFile = base.layout().eligible().tensor(0).name().startsWith(headed) ? headed : "";
        boolean predictsTokens = base.config().architecture().output() != Architecture.Output.NONE
                && !adapters.isEmpty()
                && adapters.get(adapters.size() - 1).head().isEmpty();
        return predictsTokens ? PeftClass.causal(inFile, headed, transposed) : PeftClass.bare(inFile, transposed);
    }

    /** PEFT's SHiRA layers stand for torch.nn.Linear; GPT-2's store their weights the other way round. */
    private static void requireLinear(ModelLine line, BaseModel base) {
        if (base.config().architecture().storage().transposed()) {
            throw new TessellateException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    "%s is a %s model, whose weights are stored transposed: PEFT loads SHiRA adapters on linear layers only"
                            .formatted(line.name(), base.config().modelType()));
        }
    }
}
