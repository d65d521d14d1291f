package dev.viridian.aws;

import java.util.concurrent.Callable;

/// On whose behalf the current code runs: bound once at the edge, read by every service instead of being passed along.
///
/// @param account the 12-digit account the call acts in
/// @param region the region the call acts in, e.g. `us-east-1`
/// @param requestId what the answer carries as its request id
public record Caller(String account, String region, Principal principal, String requestId) {
    private static final ScopedValue<Caller> CURRENT = ScopedValue.newInstance();

    /// The caller of the code that runs now.
    ///
    /// @throws IllegalStateException when nobody bound one: background work must say for whom it acts
    public static Caller current() {
        if (!CURRENT.isBound()) {
            throw new IllegalStateException("No caller is bound here. Background work must run inside Caller.run(Caller.service(...), ...).");
        }
        return CURRENT.get();
    }

    public static boolean isBound() {
        return CURRENT.isBound();
    }

    public static void run(Caller caller, Runnable body) {
        ScopedValue.where(CURRENT, caller).run(body);
    }

    public static <R> R call(Caller caller, Callable<R> body) throws Exception {
        return ScopedValue.where(CURRENT, caller).call(body::call);
    }

    /// A call whose body throws nothing checked.
    public static <R> R get(Caller caller, java.util.function.Supplier<R> body) {
        return ScopedValue.where(CURRENT, caller).call(body::get);
    }

    /// A service acting for itself, in somebody's account.
    ///
    /// @param service e.g. `codedeploy.amazonaws.com`
    public static Caller service(String service, String account, String region) {
        return new Caller(account, region, new Principal.Service(service), Ids.uuid());
    }

    /// The same account and region, acting as a session of `roleArn`; used by services that were given a role. The role's existence and trust are
    /// checked by whoever accepted the role, and authorisation sees the session.
    public Caller as(String roleArn, String session) {
        Arn role = Arn.parse(roleArn);
        String name = role.resource().substring(role.resource().lastIndexOf('/') + 1);
        return new Caller(account, region, new Principal.RoleSession(role.account(), name, "AROA" + Ids.stable(roleArn, 17), session), Ids.uuid());
    }
}
