/** Topics as a history check reads them: committed records, each with its place. */
@NullMarked
package io.tessellate.pipeline.check.topic;

import org.jspecify.annotations.NullMarked;
