/** Typed configuration: a YAML file below the environment below the command line, checked completely at start. */
@NullMarked
package io.tessellate.runtime.config;

import org.jspecify.annotations.NullMarked;
