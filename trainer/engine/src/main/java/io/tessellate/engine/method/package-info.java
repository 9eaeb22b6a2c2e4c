/** What a method is: how the weights a task may change are chosen. One sub-package per method, one row per method in its table. */
@NullMarked
package io.tessellate.engine.method;

import org.jspecify.annotations.NullMarked;
