package io.tessellate.pipeline.cli.option;

/** What an export writes. */
public enum ExportFormat {
    /** A Hugging Face directory. */
    HF,
    /** A sparse adapter of PEFT. */
    SHIRA,
    /** A low-rank adapter of PEFT. */
    LORA,
    /** A graph for ONNX Runtime. */
    ONNX
}
