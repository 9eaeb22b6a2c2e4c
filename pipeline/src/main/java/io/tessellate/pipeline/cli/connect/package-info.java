/** What a command speaks to, how it is connected, and how it ends when that has gone. */
@NullMarked
package io.tessellate.pipeline.cli.connect;

import org.jspecify.annotations.NullMarked;
