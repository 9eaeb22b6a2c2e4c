/** What is asked about a model, answered by scoring: who a drop comes from, what tasks knew before they were learnt. */
@NullMarked
package io.tessellate.evaluator.analysis;

import org.jspecify.annotations.NullMarked;
