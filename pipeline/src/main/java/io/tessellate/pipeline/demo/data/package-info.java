/**
 * A small generated language and five tasks in it, so that the demo needs no data set of anybody's. Three of the tasks
 * cannot be solved from the words alone: negation and contrast turn a review around, agreement makes a sentence
 * acceptable, and who did what to whom makes a paraphrase.
 */
@NullMarked
package io.tessellate.pipeline.demo.data;

import org.jspecify.annotations.NullMarked;
