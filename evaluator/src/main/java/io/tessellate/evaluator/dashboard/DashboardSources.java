package io.tessellate.evaluator.dashboard;

import io.tessellate.evaluator.alert.AlertBook;
import io.tessellate.evaluator.live.LiveBook;
import io.tessellate.evaluator.matrix.MatrixBook;
import io.tessellate.evaluator.view.DeadLetterBook;
import io.tessellate.evaluator.view.OwnershipBook;
import io.tessellate.evaluator.view.PipelineView;
import io.tessellate.lineage.Lineage;
import java.util.function.LongSupplier;

/**
 * The folds that the dashboard shows; whoever makes them feeds them.
 *
 * @param lineageRevision grows with every event the lineage has taken
 */
public record DashboardSources(
        PipelineView tasks,
        MatrixBook matrices,
        Lineage lineage,
        LongSupplier lineageRevision,
        OwnershipBook ownership,
        AlertBook alerts,
        LiveBook live,
        DeadLetterBook deadLetters) {}
