@NullMarked
package io.tessellate.pipeline.rest;

import org.jspecify.annotations.NullMarked;
