/** What a transformer looks like, as its {@code config.json} says, and how such files are read. */
@NullMarked
package io.tessellate.engine.model.config;

import org.jspecify.annotations.NullMarked;
