package dev.viridian.aws;

/// An Amazon Resource Name, taken apart. Region and account may be empty, as in `arn:aws:s3:::bucket`.
public record Arn(String partition, String service, String region, String account, String resource) {

    /// @throws IllegalArgumentException when `text` is not an ARN
    public static Arn parse(String text) {
        String[] parts = text.split(":", 6);
        if (parts.length < 6 || !parts[0].equals("arn")) {
            throw new IllegalArgumentException("not an ARN: " + text);
        }
        return new Arn(parts[1], parts[2], parts[3], parts[4], parts[5]);
    }

    public static boolean isArn(String text) {
        return text.startsWith("arn:") && text.split(":", 6).length == 6;
    }

    /// An ARN of `service` in the current caller's account and region.
    public static String here(String service, String resource) {
        Caller caller = Caller.current();
        return "arn:aws:" + service + ":" + caller.region() + ":" + caller.account() + ":" + resource;
    }

    @Override
    public String toString() {
        return "arn:" + partition + ":" + service + ":" + region + ":" + account + ":" + resource;
    }
}
