/** LoRA: the low-rank baseline. */
@NullMarked
package io.tessellate.engine.method.lora;

import org.jspecify.annotations.NullMarked;
