/** The demo's base model: how it is made, and the one that ships. */
@NullMarked
package io.tessellate.pipeline.demo.base;

import org.jspecify.annotations.NullMarked;
