/** What raises an alert, beside what is found in a row: failed runs, refused data, parked models, records put aside, live scores. */
@NullMarked
package io.tessellate.evaluator.alarm;

import org.jspecify.annotations.NullMarked;
