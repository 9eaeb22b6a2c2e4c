/** What is wrong with a machine, a configuration or a stack, each thing looked at by itself. */
@NullMarked
package io.tessellate.pipeline.doctor;

import org.jspecify.annotations.NullMarked;
