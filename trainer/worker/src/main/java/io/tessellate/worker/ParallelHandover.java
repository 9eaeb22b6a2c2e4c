package io.tessellate.worker;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.RequestedWeights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskEvent;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a parallel task on to the lanes. Its class is reserved here, in the order in which datasets were closed, on the version
 * before the first of its companions, so that neither depends on which lane is faster; then the dataset goes to the lanes'
 * topic, in one transaction with its own offset.
 */
final class ParallelHandover implements RetriedRun.Attempt {
    private static final Logger LOG = LoggerFactory.getLogger(ParallelHandover.class);

    private final RunResources resources;
    private final Predecessors predecessors;
    private final TaskEvent event;
    private final StoppableRun stoppable;
    private final ClosedDataset dataset;

    ParallelHandover(RunResources resources, Predecessors predecessors, TaskEvent event, StoppableRun stoppable) {
        this.resources = resources;
        this.predecessors = predecessors;
        this.event = event;
        this.stoppable = stoppable;
        this.dataset = stoppable.dataset();
    }

    @Override
    public void execute() {
        TaskId task = dataset.task();
        RunId run = dataset.run();
        try {
            ModelLine line = resources.registry().model(task.model());
            if (line.versionOf(run).isPresent()) {
                LOG.info("run {} was committed before", run);
                stoppable.publication().skip();
                return;
            }
            Recipe recipe = Recipe.of(dataset.manifest().recipe());
            Reservation reservation = resources
                    .registry()
                    .reserve(
                            task,
                            run,
                            RequestedWeights.request(
                                    recipe, recipe.density(), OptionalInt.of(predecessors.commonParent(line))),
                            stoppable.cancellation());
            stoppable.publication().handOn(event, predecessors.companions().size());
            LOG.info("run {} goes to the lanes on version {}", run, reservation.parentVersion());
        } catch (RetriableException | StoppedException e) {
            throw e;
        } catch (TessellateException e) {
            fail(e.code(), String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void fail(ErrorCode code, String message) {
        stoppable.publication().publish(new RunEvents(dataset, resources.clock()).failed(code, message, null));
    }
}
