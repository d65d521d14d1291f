package dev.viridian.app.top;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// The table as text, made to fit: a narrow one leaves out what can be done without, a wide one has the reasons, too.
public final class Sheet {
    private static final int NARROWEST_NAME = 13;
    private static final int WIDE = 96;

    /// @param width of its contents, a blank before it not counted
    private record Column(String title, int width, boolean wideOnly, boolean narrowOnly, Function<Row, Cell> cell) {
        static Column always(String title, int width, Function<Row, Cell> cell) {
            return new Column(title, width, false, false, cell);
        }

        boolean in(boolean wide) {
            return wide ? !narrowOnly : !wideOnly;
        }
    }

    private record Cell(String text, Colour colour) {}

    private static final List<Column> COLUMNS = List.of(
            Column.always("SHARE", 5, row -> new Cell(row.kind() == Row.Kind.GROUP ? percent(row.share()) : "", Colour.BOLD)),
            Column.always("REQ/S", 6, row -> rate(row.figures().requests(), 6, Colour.BOLD)),
            Column.always("2XX", 5, row -> rate(row.figures().status2xx(), 5, Colour.GREEN)),
            Column.always("3XX", 3, row -> rate(row.figures().status3xx(), 3, Colour.PLAIN)),
            Column.always("4XX", 3, row -> rate(row.figures().status4xx(), 3, Colour.YELLOW)),
            Column.always("5XX", 3, row -> rate(row.figures().status5xx(), 3, Colour.RED)),
            new Column("OWN", 3, false, true, row -> own(row, row.figures().own4xx() + row.figures().own5xx(),
                    row.figures().own5xx() > 0 ? Colour.RED : Colour.YELLOW)),
            new Column("OWN4XX", 6, true, false, row -> own(row, row.figures().own4xx(), Colour.YELLOW)),
            new Column("OWN5XX", 6, true, false, row -> own(row, row.figures().own5xx(), Colour.RED)),
            Column.always("P50", 5, row -> new Cell(duration(row.figures().p50()), Colour.PLAIN)),
            Column.always("P99", 5, row -> new Cell(duration(row.figures().p99()), Colour.PLAIN)),
            Column.always("FLY", 4, row -> number(row.figures().inFlight(), 4)),
            new Column("CONN", 5, true, false, row -> number(row.figures().connections(), 5)));
    private static final int STATE = 9;

    private final int width;
    private final boolean wide;
    private final boolean coloured;
    private final List<Column> columns;

    /// @param width of the screen in characters
    public Sheet(int width, boolean coloured) {
        this.width = width;
        this.wide = width >= WIDE;
        this.coloured = coloured;
        this.columns = COLUMNS.stream().filter(column -> column.in(wide)).toList();
    }

    public List<String> lines(List<Row> rows) {
        int figures = columns.stream().mapToInt(column -> column.width() + 1).sum() + 1 + STATE;
        int longest = rows.stream().mapToInt(row -> name(row).length()).max().orElse(0);
        int name = Math.max(NARROWEST_NAME, Math.min(longest, width - figures));
        int reason = width - figures - name - 1;
        List<String> lines = new ArrayList<>();
        StringBuilder titles = new StringBuilder(left("LOAD BALANCER", name));
        columns.forEach(column -> titles.append(' ').append(right(column.title(), column.width())));
        lines.add(coloured ? Colour.REVERSE.on(left(titles + " STATE", width), true) : titles + " STATE");
        rows.forEach(row -> lines.add(line(row, name, reason)));
        return lines;
    }

    private String line(Row row, int name, int reason) {
        StringBuilder line = new StringBuilder();
        String title = row.kind() == Row.Kind.TARGET ? keepEnd(name(row), name) : keepStart(name(row), name);
        line.append(colourOf(row).on(left(title, name), coloured));
        for (Column column : columns) {
            Cell cell = column.cell().apply(row);
            line.append(' ').append(cell.colour().on(right(cell.text(), column.width()), coloured));
        }
        String state = keepStart(row.state(), STATE);
        boolean explained = !row.reason().isEmpty() && reason > NARROWEST_NAME;
        line.append(' ').append(stateColour(row).on(explained ? left(state, STATE) : state, coloured));
        if (explained) {
            line.append(' ').append(Colour.DIM.on(keepStart(row.reason(), reason), coloured));
        }
        return line.toString().stripTrailing();
    }

    private static String name(Row row) {
        return switch (row.kind()) {
            case BALANCER -> row.loadBalancer();
            case LISTENER -> " :" + row.listener();
            case GROUP -> "  " + row.group();
            case TARGET -> "   " + row.target();
        };
    }

    private static Colour colourOf(Row row) {
        return row.kind() == Row.Kind.BALANCER ? Colour.BOLD : row.kind() == Row.Kind.TARGET ? Colour.DIM : Colour.PLAIN;
    }

    private static Colour stateColour(Row row) {
        return switch (row.state()) {
            case "healthy" -> Colour.GREEN;
            case "unhealthy", "closed" -> Colour.RED;
            case "draining", "initial" -> Colour.YELLOW;
            default -> row.kind() == Row.Kind.TARGET ? Colour.DIM : Colour.PLAIN;
        };
    }

    private static Cell own(Row row, double rate, Colour colour) {
        boolean apart = row.kind() == Row.Kind.GROUP || row.kind() == Row.Kind.TARGET;
        return apart ? new Cell("", Colour.PLAIN) : rate(rate, 3, colour);
    }

    private static Cell rate(double rate, int width, Colour colour) {
        return rate == 0 ? new Cell("-", Colour.DIM) : new Cell(figure(rate, width), colour);
    }

    private static Cell number(long number, int width) {
        return number == 0 ? new Cell("-", Colour.DIM) : new Cell(figure(number, width), Colour.PLAIN);
    }

    /// One digit behind the point for small figures; thousands where there is no room for more.
    static String figure(double figure, int width) {
        if (figure < 9.95 && figure != Math.rint(figure)) {
            return String.format(Locale.ROOT, "%.1f", figure);
        }
        String whole = String.format(Locale.ROOT, "%.0f", figure);
        return whole.length() <= width ? whole : String.format(Locale.ROOT, "%.0fk", figure / 1000);
    }

    static String percent(double share) {
        return share == Math.rint(share) ? String.format(Locale.ROOT, "%.0f%%", share) : String.format(Locale.ROOT, "%.1f%%", share);
    }

    /// In at most five characters; empty for 0.
    static String duration(double seconds) {
        if (seconds == 0) {
            return "";
        }
        if (seconds < 0.0009995) {
            return String.format(Locale.ROOT, "%.0fus", seconds * 1e6);
        }
        if (seconds < 0.9995) {
            return String.format(Locale.ROOT, seconds < 0.00995 ? "%.1fms" : "%.0fms", seconds * 1000);
        }
        return String.format(Locale.ROOT, seconds < 9.95 ? "%.1fs" : "%.0fs", seconds);
    }

    private static String left(String text, int width) {
        return text.length() >= width ? text.substring(0, width) : text + " ".repeat(width - text.length());
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    private static String keepStart(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 2) + "..";
    }

    /// Addresses differ at their end.
    private static String keepEnd(String text, int width) {
        return text.length() <= width ? text : "   .." + text.substring(text.length() - width + 5);
    }
}
