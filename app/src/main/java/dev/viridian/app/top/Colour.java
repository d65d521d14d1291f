package dev.viridian.app.top;

/// How a terminal shows a piece of text.
enum Colour {
    PLAIN(""), BOLD("1"), DIM("2"), REVERSE("7"), RED("31"), GREEN("32"), YELLOW("33");

    private final String code;

    Colour(String code) {
        this.code = code;
    }

    String on(String text, boolean coloured) {
        return !coloured || this == PLAIN || text.isBlank() && this != REVERSE ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
