package io.tessellate.evaluator.dashboard;

import io.tessellate.runtime.http.HttpApi;
import io.tessellate.runtime.http.HttpSettings;
import io.tessellate.runtime.metrics.Metrics;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Serves the page with sample data on port 8099, for working on it in a browser. */
final class DashboardPreview {
    private DashboardPreview() {}

    public static void main(String[] args) throws Exception {
        var sample = new SampleStream("support-bot", Files.createTempDirectory("preview"));
        int complete = args.length == 0 ? 4 : Integer.parseInt(args[0]);
        if (complete >= 0) {
            sample.register();
            for (int task = 0; task < complete; task++) {
                sample.complete(task);
            }
            if (complete < 5) {
                sample.arrive(complete);
                sample.train(complete, "train", 143, 240, 0.4127, 38);
            }
            if (complete > 2) {
                sample.reject("spam");
            }
        }
        var dashboard = new Dashboard(sample.sources());
        var server = new HttpApi(
                "preview",
                HttpSettings.local(args.length > 1 ? Integer.parseInt(args[1]) : 8099),
                List.of(),
                new Metrics(),
                dashboard::routes);
        server.start();
        new CountDownLatch(1).await();
    }
}
