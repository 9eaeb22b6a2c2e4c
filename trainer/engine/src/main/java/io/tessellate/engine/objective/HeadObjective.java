package io.tessellate.engine.objective;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.Question;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.data.Truncation;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.Targets;
import io.tessellate.engine.tokenizer.Tokenized;
import io.tessellate.engine.tokenizer.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a head of the task's own is trained towards, over the features of a model. */
public enum HeadObjective implements TrainingObjective {
    /** One of several classes, by softmax cross entropy. */
    CLASSIFICATION {
        @Override
        double target(Label label) {
            return label.classIndex();
        }

        @Override
        public Targets targets(List<EncodedExample> examples) {
            return Targets.classes(
                    examples.stream().mapToInt(e -> (int) e.target()).toArray());
        }

        @Override
        public Targets teach(List<EncodedExample> examples, float[] teacher, int outputs, double temperature) {
            return Targets.soft(teacher, outputs, temperature);
        }

        @Override
        double prediction(float[] logits) {
            return largest(logits);
        }

        /** The entropy of the classes' shares. */
        @Override
        public OptionalDouble constantLoss(List<EncodedExample> examples) {
            Map<Double, Long> counts = examples.stream()
                    .collect(Collectors.groupingBy(EncodedExample::target, TreeMap::new, Collectors.counting()));
            return OptionalDouble.of(counts.values().stream()
                    .mapToDouble(count -> (double) count / examples.size())
                    .map(share -> -share * Math.log(share))
                    .sum());
        }

        /** Each class as likely as the others. */
        @Override
        public OptionalDouble blindLoss(int outputs) {
            return OptionalDouble.of(Math.log(outputs));
        }
    },
    /** A real value, by squared error, in {@link ValueUnits}. */
    REGRESSION {
        @Override
        public ValueUnits units(List<EncodedExample> train) {
            return ValueUnits.of(train);
        }

        @Override
        double target(Label label) {
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
        public Targets teach(List<EncodedExample> examples, float[] teacher, int outputs, double temperature) {
            return Targets.values(teacher);
        }

        @Override
        double prediction(float[] logits) {
            return logits[0];
        }

        /** The variance of the values. */
        @Override
        public OptionalDouble constantLoss(List<EncodedExample> examples) {
            double mean = mean(examples);
            return examples.stream()
                    .mapToDouble(example -> (example.target() - mean) * (example.target() - mean))
                    .average();
        }

        /** The mean of all values. */
        @Override
        public OptionalDouble blindLoss(int outputs) {
            return OptionalDouble.of(1);
        }

        private static double mean(List<EncodedExample> examples) {
            return examples.stream()
                    .mapToDouble(EncodedExample::target)
                    .average()
                    .orElseThrow();
        }

        /** Starts at the mean target. */
        @Override
        public Head initialHead(int outputs, int features, List<EncodedExample> train, Random random) {
            Head head = super.initialHead(outputs, features, train, random);
            head.values()[head.values().length - 1] = (float) mean(train);
            return head;
        }
    },
    /**
     * One of the texts that an example offers: each is read together with the prompt and gets one logit, softmax cross
     * entropy goes over those of an example.
     */
    MULTIPLE_CHOICE {
        @Override
        double target(Label label) {
            return label.classIndex();
        }

        /** A choice is read as the second text after its prompt. */
        @Override
        List<Tokenized> sequences(Question question, Tokenizer tokenizer) {
            return question.choices().stream()
                    .map(text -> tokenizer.tokenize(question.text(), text))
                    .toList();
        }

        @Override
        public Targets targets(List<EncodedExample> examples) {
            return Targets.choices(
                    EncodedExample.sizes(examples),
                    examples.stream().mapToInt(e -> (int) e.target()).toArray());
        }

        @Override
        public Targets teach(List<EncodedExample> examples, float[] teacher, int outputs, double temperature) {
            return Targets.softChoices(teacher, EncodedExample.sizes(examples), temperature);
        }

        @Override
        double prediction(float[] logits) {
            return largest(logits);
        }

        @Override
        public boolean judgesSingleSequences() {
            return false;
        }

        /** Each choice as likely as the others. */
        @Override
        public OptionalDouble constantLoss(List<EncodedExample> examples) {
            return examples.stream()
                    .mapToDouble(example -> Math.log(example.sequences().size()))
                    .average();
        }
    };

    private static int largest(float[] logits) {
        int best = 0;
        for (int c = 1; c < logits.length; c++) {
            best = logits[c] > logits[best] ? c : best;
        }
        return best;
    }

    @Override
    public Optional<HeadObjective> head() {
        return Optional.of(this);
    }

    @Override
    public boolean needsDecoder() {
        return false;
    }

    @Override
    public boolean packable() {
        return false;
    }

    /** Whether its head judges a sequence by itself, rather than comparing several. */
    public boolean judgesSingleSequences() {
        return true;
    }

    @Override
    public int outputs(int classes) {
        return Math.max(1, classes);
    }

    @Override
    public EncodedExample encode(Example example, Encoding encoding) {
        Label label = example.label();
        Question asked = new Question(example.id(), example.text(), example.textPair(), label.choices(), false);
        return encode(asked, target(label), encoding);
    }

    @Override
    public EncodedExample encode(Question question, Encoding encoding) {
        return encode(question, 0, encoding);
    }

    private EncodedExample encode(Question question, double target, Encoding encoding) {
        List<Tokenized> sequences = sequences(question, encoding.tokenizer());
        boolean cut = sequences.stream().anyMatch(Tokenized::cut);
        return new EncodedExample(
                sequences.stream().map(Tokenized::tokens).toList(),
                target,
                "",
                EncodedExample.Rivals.NONE,
                cut ? Truncation.SHORTENED : Truncation.WHOLE);
    }

    List<Tokenized> sequences(Question question, Tokenizer tokenizer) {
        String pair = question.textPair();
        return List.of(pair == null ? tokenizer.tokenize(question.text()) : tokenizer.tokenize(question.text(), pair));
    }

    @Override
    public Head initialHead(int outputs, int features, List<EncodedExample> train, Random random) {
        return Head.initial(outputs, features, random);
    }

    @Override
    public Learner learner(ModelPasses passes) {
        return new HeadLearner(passes.encoder(), passes.config(), this);
    }

    @Override
    public Scorer scorer(ModelPasses passes) {
        return new HeadScorer(passes.encoder(), passes.config(), this);
    }

    /** The number a label stands for. */
    abstract double target(Label label);

    /** What the logits of these examples should be. */
    public abstract Targets targets(List<EncodedExample> examples);

    /** Targets that are a teacher's logits of these examples, those of an example together. */
    public abstract Targets teach(List<EncodedExample> examples, float[] teacher, int outputs, double temperature);

    /** The prediction that one example's logits make; among equal logits the first. */
    abstract double prediction(float[] logits);
}
