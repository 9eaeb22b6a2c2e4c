@NullMarked
package io.tessellate.pipeline.report;

import org.jspecify.annotations.NullMarked;
