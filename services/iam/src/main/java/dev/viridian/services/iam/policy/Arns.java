package dev.viridian.services.iam.policy;

/// ARNs against ARN patterns: field by field, so that a wildcard in one field does not reach into the next. The resource, last, is one field.
final class Arns {
    private static final int FIELDS = 6;

    private Arns() {}

    static boolean matches(String pattern, String arn) {
        if (pattern.equals("*")) {
            return true;
        }
        String[] wanted = pattern.split(":", FIELDS);
        String[] fields = arn.split(":", wanted.length);
        boolean open = wanted.length < FIELDS; // arn:aws:s3:* means all the rest
        if (wanted.length != fields.length || open && !pattern.endsWith("*")) {
            return pattern.equals(arn);
        }
        for (int n = 0; n < wanted.length; n++) {
            if (!Glob.matches(wanted[n], fields[n])) {
                return false;
            }
        }
        return true;
    }
}
