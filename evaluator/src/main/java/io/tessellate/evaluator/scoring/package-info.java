/** The worker that scores every task of a version in both views and publishes each score once. */
@NullMarked
package io.tessellate.evaluator.scoring;

import org.jspecify.annotations.NullMarked;
