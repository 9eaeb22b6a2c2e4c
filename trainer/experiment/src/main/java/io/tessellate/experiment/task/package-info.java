/** The tasks of an experiment: read from local folders, or made where there are none. */
@NullMarked
package io.tessellate.experiment.task;

import org.jspecify.annotations.NullMarked;
