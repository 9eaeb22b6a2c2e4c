package io.tessellate.engine.objective;

import io.tessellate.dataset.Label;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.head.Targets;
import java.util.List;

/** What a head is trained towards. */
public enum TrainingObjective {
    /** One of several classes, by softmax cross entropy. */
    CLASSIFICATION {
        @Override
        public double target(Label label) {
            return label.classIndex();
        }

        @Override
        public Targets targets(List<EncodedExample> examples) {
            return Targets.classes(
                    examples.stream().mapToInt(e -> (int) e.target()).toArray());
        }

        @Override
        public Targets teach(List<EncodedExample> examples, float[] teacher, int labels, double temperature) {
            return Targets.soft(teacher, labels, temperature);
        }

        @Override
        double prediction(float[] logits) {
            return largest(logits);
        }
    },
    /** A real value, by squared error. */
    REGRESSION {
        @Override
        public double target(Label label) {
            return label.value();
        }

        @Override
        public Targets targets(List<EncodedExample> examples) {
            float[] values = new float[examples.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) examples.get(i).target();
            }
            return Targets.values(values);
        }

        @Override
        public Targets teach(List<EncodedExample> examples, float[] teacher, int labels, double temperature) {
            return Targets.values(teacher);
        }

        @Override
        double prediction(float[] logits) {
            return logits[0];
        }
    },
    /**
     * One of the texts that an example offers: each is read together with the prompt and gets one logit, softmax cross
     * entropy goes over those of an example.
     */
    MULTIPLE_CHOICE {
        @Override
        public double target(Label label) {
            return label.classIndex();
        }

        @Override
        public Targets targets(List<EncodedExample> examples) {
            return Targets.choices(
                    EncodedExample.sizes(examples),
                    examples.stream().mapToInt(e -> (int) e.target()).toArray());
        }

        @Override
        public Targets teach(List<EncodedExample> examples, float[] teacher, int labels, double temperature) {
            return Targets.softChoices(teacher, EncodedExample.sizes(examples), temperature);
        }

        @Override
        double prediction(float[] logits) {
            return largest(logits);
        }
    },
    /** The text that follows a prompt, token by token, by the model's own head; no head of the task's own. */
    GENERATION {
        @Override
        public double target(Label label) {
            throw notOne("target");
        }

        @Override
        public Targets targets(List<EncodedExample> examples) {
            throw notOne("target");
        }

        @Override
        public Targets teach(List<EncodedExample> examples, float[] teacher, int labels, double temperature) {
            throw notOne("target");
        }

        @Override
        double prediction(float[] logits) {
            throw notOne("prediction");
        }

        private IllegalStateException notOne(String what) {
            return new IllegalStateException("a completion is many tokens and has no single " + what);
        }
    };

    private static int largest(float[] logits) {
        int best = 0;
        for (int c = 1; c < logits.length; c++) {
            best = logits[c] > logits[best] ? c : best;
        }
        return best;
    }

    /** The number a label stands for. */
    public abstract double target(Label label);

    public abstract Targets targets(List<EncodedExample> examples);

    /** Targets that are a teacher's logits of these examples, those of an example together. */
    public abstract Targets teach(List<EncodedExample> examples, float[] teacher, int labels, double temperature);

    /** The prediction that one example's logits make; among equal logits the first. */
    abstract double prediction(float[] logits);
}
