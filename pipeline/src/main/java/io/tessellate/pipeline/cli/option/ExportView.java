package io.tessellate.pipeline.cli.option;

/** Which adapters an export of a task applies. */
public enum ExportView {
    /** Those up to the task's own. */
    TASK,
    /** All of the version. */
    UNION
}
