package dev.viridian.aws.shapes;

/// What a member of a structure holds.
public enum Kind {
    STRING, BOOLEAN, BYTE, SHORT, INTEGER, LONG, FLOAT, DOUBLE, DECIMAL, TIMESTAMP, BLOB, STRUCTURE, LIST, MAP, DOCUMENT;

    public boolean isNumber() {
        return switch (this) {
            case BYTE, SHORT, INTEGER, LONG, FLOAT, DOUBLE, DECIMAL -> true;
            case STRING, BOOLEAN, TIMESTAMP, BLOB, STRUCTURE, LIST, MAP, DOCUMENT -> false;
        };
    }
}
