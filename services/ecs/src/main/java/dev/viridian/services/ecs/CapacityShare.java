package dev.viridian.services.ecs;

import dev.viridian.engine.Decision;
import java.util.List;
import java.util.Map;

/// Which capacity provider the next task goes to.
///
/// Source: ECS API, `CapacityProviderStrategyItem`: first every base, then by weight.
@Decision
final class CapacityShare {
    private CapacityShare() {}

    record Share(String provider, int base, int weight) {}

    /// @param running how many tasks each provider has
    /// @throws IllegalArgumentException when nothing has any weight
    static String next(List<Share> strategy, Map<String, Integer> running) {
        for (Share share : strategy) {
            if (running.getOrDefault(share.provider(), 0) < share.base()) {
                return share.provider();
            }
        }
        Share best = null;
        double lowest = Double.MAX_VALUE;
        for (Share share : strategy) {
            double load = (running.getOrDefault(share.provider(), 0) - share.base() + 1) / (double) share.weight();
            if (share.weight() > 0 && load < lowest) {
                best = share;
                lowest = load;
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("no provider of the strategy has any weight");
        }
        return best.provider();
    }
}
