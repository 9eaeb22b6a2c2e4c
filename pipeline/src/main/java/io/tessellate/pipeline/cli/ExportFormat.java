package io.tessellate.pipeline.cli;

/** What an export writes. */
enum ExportFormat {
    /** A Hugging Face directory. */
    HF,
    /** A sparse adapter of PEFT. */
    SHIRA,
    /** A low-rank adapter of PEFT. */
    LORA
}
