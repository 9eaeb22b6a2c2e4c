/**
 * The mask registry as the other parts of a process know it: its log, with the datasets and runs it is about, read and folded
 * once for all of them, and questions with their answers.
 */
@NullMarked
package io.tessellate.registry.client;

import org.jspecify.annotations.NullMarked;
