/** What the topics say about tasks, folded into what a person wants to see; for the dashboard and the command line. */
@NullMarked
package io.tessellate.evaluator.view;

import org.jspecify.annotations.NullMarked;
