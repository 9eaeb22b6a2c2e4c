package io.tessellate.pipeline.demo.data;

import java.util.List;

/** Makes examples of one task. */
interface ExampleMaker {
    /** Name of the task. */
    String name();

    /** Names of its classes in the order of their numbers. */
    List<String> labels();

    /** An example of the given class. */
    DemoExample example(Speaker speaker, int label);
}
