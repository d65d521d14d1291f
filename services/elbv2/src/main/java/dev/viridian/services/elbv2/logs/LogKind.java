package dev.viridian.services.elbv2.logs;

/// The logs a load balancer can write.
public enum LogKind {
    ACCESS("access_logs.s3", "ELBAccessLogTestFile", "AccessLog", ""),
    CONNECTION("connection_logs.s3", "ELBConnectionLogTestFile", "ConnectionLog", "conn_log_"),
    HEALTH_CHECK("health_check_logs.s3", "ELBHealthCheckLogTestFile", "HealthCheckLog", "health_check_log_");

    private final String attribute;
    private final String testFile;
    private final String title;
    private final String filePrefix;

    LogKind(String attribute, String testFile, String title, String filePrefix) {
        this.attribute = attribute;
        this.testFile = testFile;
        this.title = title;
        this.filePrefix = filePrefix;
    }

    /// What the keys of its attributes begin with, without the last dot.
    String attribute() {
        return attribute;
    }

    String testFile() {
        return testFile;
    }

    String title() {
        return title;
    }

    /// What the names of its objects begin with.
    String filePrefix() {
        return filePrefix;
    }
}
