/** Alerts: what raised them, who looks after them, which are silenced, and what became of sending them. */
@NullMarked
package io.tessellate.evaluator.alert;

import org.jspecify.annotations.NullMarked;
