/** What the commands print: each as the JSON that scripts rely on and as text for people. */
@NullMarked
package io.tessellate.pipeline.report;

import org.jspecify.annotations.NullMarked;
