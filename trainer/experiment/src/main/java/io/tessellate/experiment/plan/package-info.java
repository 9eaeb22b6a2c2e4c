/** What an experiment compares, as its plan file says: arms, streams, tuning and merges, written out to single runs. */
@NullMarked
package io.tessellate.experiment.plan;

import org.jspecify.annotations.NullMarked;
