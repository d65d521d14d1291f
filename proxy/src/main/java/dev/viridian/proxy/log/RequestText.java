package dev.viridian.proxy.log;

/// The client's own words, as raw bytes one behind the other: method, host (without port), target (path and query) and user agent. Any part may be
/// empty: for a head that could not be read, all are.
///
/// @param bytes    not changed by anybody
/// @param methodTo where the method ends and the host begins
/// @param hostTo   where the host ends and the target begins
/// @param targetTo where the target ends and the user agent begins
/// @param version  such as `HTTP/1.1`; empty when unknown
@SuppressWarnings("ArrayRecordComponent")
public record RequestText(byte[] bytes, int methodTo, int hostTo, int targetTo, String version) {
    public static final RequestText UNREADABLE = new RequestText(new byte[0], 0, 0, 0, "");

    public boolean readable() {
        return methodTo > 0;
    }
}
