package dev.viridian.proxy;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where one request or connection has been tried: never again on a target that has failed it, and not for ever.
final class Tries {
    private static final int MOST = 3;

    private final @Nullable TargetState[] failed = new TargetState[MOST];
    private int failures;
    private int made;

    /// Nothing has been tried yet.
    void begin() {
        if (failures > 0) {
            Arrays.fill(failed, null);
            failures = 0;
        }
        made = 0;
    }

    void made() {
        made++;
    }

    boolean spent() {
        return made >= MOST;
    }

    void failed(TargetState target) {
        if (failures < MOST) {
            failed[failures++] = target;
        }
    }

    /// Where the next try of a request goes, under the routing of now.
    ///
    /// @param last        the target that was tried last
    /// @param sameAllowed whether it is not to blame, and may be tried once more on a fresh connection
    /// @return null when there is nobody left, or nothing may be tried any more
    @Nullable TargetState next(Loop loop, GroupRoute group, TargetState last, boolean sameAllowed) {
        if (!sameAllowed) {
            failed(last);
        }
        if (spent()) {
            return null;
        }
        return sameAllowed && List.of(group.targets()).contains(last) ? last : group.chooseOther(loop, this);
    }

    /// Those that have not failed.
    TargetState[] others(TargetState[] candidates) {
        return failures == 0 ? candidates : Arrays.stream(candidates).filter(each -> !hasFailed(each)).toArray(TargetState[]::new);
    }

    private boolean hasFailed(TargetState target) {
        for (int i = 0; i < failures; i++) {
            if (failed[i] == target) {
                return true;
            }
        }
        return false;
    }
}
