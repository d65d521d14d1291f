package dev.viridian.proxy;

/// What the calls of functions hold that one loop has begun and that have not returned: they go on when their clients have left, so that cutting
/// connections frees nothing of it.
final class CallsUnderWay {
    /// A thread, a head and what belongs to them.
    private static final int EACH = 16 * 1024;

    private final long most;
    private long held;

    CallsUnderWay(long most) {
        this.most = most;
    }

    /// @param body bytes of the request's body
    /// @return whether there was room for one more; a single call always has it
    boolean begin(int body) {
        if (held > 0 && held + EACH + body > most) {
            return false;
        }
        held += EACH + body;
        return true;
    }

    void ended(int body) {
        held -= EACH + body;
    }
}
