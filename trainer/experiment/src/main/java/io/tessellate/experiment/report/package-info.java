/** An experiment's results as Markdown, CSV and pictures. */
@NullMarked
package io.tessellate.experiment.report;

import org.jspecify.annotations.NullMarked;
