/**
 * Whether a history keeps the eight promises: one class each, judged from what lies in the topics and in the blob store and
 * from nothing that a service says about itself.
 */
@NullMarked
package io.tessellate.pipeline.check;

import org.jspecify.annotations.NullMarked;
