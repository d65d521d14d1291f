package dev.viridian.services.cloudwatch;

import dev.viridian.aws.shapes.Pages;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.InvalidNextTokenException;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.StatusCode;

/// Cuts the answer to GetMetricData into pages of at most MaxDatapoints values over all results together. A token says how many values were given
/// already; results go on where they stopped and are marked partial until they are complete.
final class DataPages {
    private static final int MOST = 100_800;

    private DataPages() {}

    static GetMetricDataResponse page(List<MetricDataResult> all, GetMetricDataRequest request) {
        int skip = position(request);
        int room = request.maxDatapoints() == null ? MOST : Math.clamp(request.maxDatapoints(), 1, MOST);
        int total = all.stream().mapToInt(result -> result.values().size()).sum();
        List<MetricDataResult> page = new ArrayList<>();
        int at = 0;
        for (MetricDataResult result : all) {
            int from = Math.clamp(skip - at, 0, result.values().size());
            int to = Math.clamp(skip + room - at, 0, result.values().size());
            at += result.values().size();
            if (skip == 0 || to > from) {
                page.add(result.copy(b -> b.values(result.values().subList(from, to)).timestamps(result.timestamps().subList(from, to))
                        .statusCode(to == result.values().size() ? StatusCode.COMPLETE : StatusCode.PARTIAL_DATA)));
            }
        }
        return GetMetricDataResponse.builder().metricDataResults(page).messages(List.of()).nextToken(skip + room < total
                ? Pages.seal(Integer.toString(skip + room)) : null).build();
    }

    private static int position(GetMetricDataRequest request) {
        if (request.nextToken() == null) {
            return 0;
        }
        return Pages.open(request.nextToken()).filter(text -> text.matches("\\d{1,9}")).map(Integer::valueOf)
                .orElseThrow(() -> InvalidNextTokenException.builder().message("The value " + request.nextToken()
                + " for parameter NextToken is invalid.").build());
    }
}
