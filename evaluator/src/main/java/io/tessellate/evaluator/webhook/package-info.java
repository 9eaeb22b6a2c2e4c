/** Alerts sent to endpoints of others: signed, tried again with growing pauses, given up in the end, each endpoint by itself. */
@NullMarked
package io.tessellate.evaluator.webhook;

import org.jspecify.annotations.NullMarked;
