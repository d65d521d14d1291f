package dev.viridian.services.codedeploy.deployment;

/// How production traffic is divided, in whole percent. Blue serves what green does not.
public record TrafficSplit(int greenPercent) {
    public static final TrafficSplit ALL_BLUE = new TrafficSplit(0);
    public static final TrafficSplit ALL_GREEN = new TrafficSplit(100);

    public TrafficSplit {
        if (greenPercent < 0 || greenPercent > 100) {
            throw new IllegalArgumentException("green share must be 0 to 100 percent, got " + greenPercent);
        }
    }

    public int bluePercent() {
        return 100 - greenPercent;
    }

    boolean isAllGreen() {
        return greenPercent == 100;
    }

    TrafficSplit plus(int percent) {
        return new TrafficSplit(Math.min(100, greenPercent + percent));
    }
}
