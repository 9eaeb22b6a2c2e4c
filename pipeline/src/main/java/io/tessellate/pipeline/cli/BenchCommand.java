package io.tessellate.pipeline.cli;

import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.bench.BenchPlan;
import io.tessellate.engine.bench.BenchShape;
import io.tessellate.engine.bench.BenchSize;
import io.tessellate.engine.bench.BenchWorkload;
import io.tessellate.engine.bench.EngineBench;
import io.tessellate.engine.plan.MemoryAnswer;
import io.tessellate.engine.precision.Precision;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.cli.option.HelpOption;
import io.tessellate.pipeline.cli.option.PlanOptions;
import io.tessellate.pipeline.cli.option.RecipeOptions;
import io.tessellate.pipeline.doctor.BackendsReport;
import io.tessellate.pipeline.report.BenchReport;
import io.tessellate.pipeline.report.MemoryReport;
import io.tessellate.pipeline.report.Report;
import io.tessellate.pipeline.terminal.OutputFormat;
import io.tessellate.pipeline.terminal.Terminal;
import io.tessellate.runtime.log.Logging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tessellate bench}. */
@Command(
        name = "bench",
        description = "Measure how fast this machine is.",
        subcommands = BenchCommand.Engine.class,
        footer = {
            "Examples:",
            "  tessellate bench engine --size base --threads 1 --output json",
            "  tessellate bench engine --plan DIR --method lota --density 0.01"
        })
final class BenchCommand extends HelpOption {

    /** {@code tessellate bench engine}. */
    @Command(
            name = "engine",
            description = "Time training steps by part, evaluation passes and matrix products on random weights;"
                    + " or say how much memory a training takes.",
            modelTransformer = RecipeOptions.Flags.class,
            footer = {
                "Examples:",
                "  tessellate bench engine",
                "  tessellate bench engine --size base --workload lota --threads 1",
                "  tessellate bench engine --size llama_8b --layers 1 --bf16 --precision mixed --workload expander",
                "  tessellate bench engine --list",
                "  tessellate bench engine --plan DIR --method lota --density 0.01 --batch 32 --length 256",
                "  tessellate bench engine --plan DIR --method lora --batch 16 --length 128 --measure",
                "  tessellate bench engine --plan config.json --text --device torch:cuda --memory 80GB --recompute",
                "",
                "The flags of recipes belong to --plan; its batch is full of sequences of the longest length.",
                "Other work on the machine shows in every number: compare in alternation, and quote ratios."
            })
    static final class Engine extends HelpOption implements Callable<Integer>, RecipeOptions.Taker {
        /** The launcher sets it from {@code --threads}, because native libraries read it when they load. */
        private static final String THREADS = "OMP_NUM_THREADS";

        private final Terminal terminal;
        private final RecipeOptions recipe = new RecipeOptions();

        @Mixin
        private PlanOptions plan = new PlanOptions();

        @Option(
                names = "--size",
                paramLabel = "mini|base|llama_1b|llama_8b",
                defaultValue = "mini",
                description =
                        "mini: 4 layers of 256; base: BERT-base; Llamas of 1.2 and 8 billion parameters, which want"
                                + " --bf16 and --precision mixed (default: ${DEFAULT-VALUE}).")
        private BenchSize size = BenchSize.MINI;

        @Option(
                names = "--layers",
                paramLabel = "N",
                description = "The lowest so many layers alone, for a machine that has no room or time for all.")
        private @Nullable Integer layers;

        @Option(
                names = "--workload",
                paramLabel = "full|lota|expander",
                split = ",",
                description =
                        "What is trained; peak memory is that of one workload only if it runs alone (default: all).")
        private List<BenchWorkload> workloads = List.of(BenchWorkload.values());

        @Option(names = "--bf16", description = "Keep frozen matrices in 16 bits, as a base whose file is BF16 does.")
        private boolean shortWeights;

        @Option(
                names = "--precision",
                paramLabel = "fp32|mixed|auto",
                defaultValue = "fp32",
                description = "Precision of the passes, as a recipe says it (default: ${DEFAULT-VALUE}).")
        private Precision precision = Precision.FP32;

        @Option(
                names = "--steps",
                paramLabel = "N",
                defaultValue = "30",
                description = "Timed steps of each workload (default: ${DEFAULT-VALUE}).")
        private int steps;

        @Option(
                names = "--threads",
                paramLabel = "N",
                description = "Threads of the engine (default: the number of cores).")
        private @Nullable Integer threads;

        @Option(
                names = {"--backend", "--device"},
                defaultValue = Backends.HOST,
                paramLabel = "NAME",
                description = "Backend of the engine (default: ${DEFAULT-VALUE}).")
        private String backend = Backends.HOST;

        @Option(
                names = "--list",
                description = "Measure nothing; say which backends open on this machine, and what the others lack.")
        private boolean list;

        @Option(
                names = "--output",
                paramLabel = "table|json",
                defaultValue = "table",
                description = "How the answer is printed (default: ${DEFAULT-VALUE}).")
        private OutputFormat output = OutputFormat.TABLE;

        Engine(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public RecipeOptions recipe() {
            return recipe;
        }

        @Override
        public Integer call() throws IOException {
            plan.requireMeant(recipe);
            Path log = Files.createTempFile("tessellate-bench", ".log");
            Logging.toFile(log, Logging.Format.PLAIN);
            terminal.answer(answer(), output);
            Files.deleteIfExists(log);
            return 0;
        }

        private Report answer() {
            if (list) {
                return new BackendsReport(Backends.survey());
            }
            return plan.asked() ? planned() : measured();
        }

        private Report planned() {
            MemoryAnswer answer = plan.answer(recipe, precision, backend);
            return plan.measured()
                    ? new MemoryReport.Measured(answer, plan.measure(answer, backend))
                    : new MemoryReport(answer);
        }

        private BenchReport measured() {
            BenchShape shape = layers == null ? size.shape() : size.shape().lowest(layers);
            BenchPlan plan = new BenchPlan(shape, workloads, steps, 1, shortWeights, precision);
            EngineBench bench = new EngineBench(Backends.open(backend), threads(), terminal::line);
            return new BenchReport(bench.run(plan));
        }

        private int threads() {
            int cores = Runtime.getRuntime().availableProcessors();
            String started = System.getenv(THREADS);
            int running = started == null ? cores : Integer.parseInt(started);
            if (threads != null && threads != running) {
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the engine runs on %d threads, not %d: start the command with tessellate, or with %s=%d"
                                .formatted(running, threads, THREADS, threads));
            }
            return running;
        }
    }
}
