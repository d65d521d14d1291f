package dev.viridian.wire;

import java.util.Locale;

/// What a request says before its body is read.
///
/// @param path as sent, still encoded
/// @param rawQuery as sent, without the question mark
/// @param host as the Host header says it, with the port
public record Incoming(String method, String path, String rawQuery, Query query, Headers headers, String host) {

    public static Incoming of(String method, String path, String rawQuery, Headers headers) {
        return new Incoming(method, path.isEmpty() ? "/" : path, rawQuery, Query.parse(rawQuery), headers, headers.first("host").orElse(""));
    }

    /// Lower case, without parameters such as the charset.
    public String contentType() {
        String type = headers.first("content-type").orElse("").toLowerCase(Locale.ROOT);
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
    }

    /// The host without its port, in lower case.
    public String hostName() {
        String name = host.toLowerCase(Locale.ROOT);
        int colon = name.lastIndexOf(':');
        return colon > 0 && name.indexOf(']') < colon ? name.substring(0, colon) : name;
    }
}
