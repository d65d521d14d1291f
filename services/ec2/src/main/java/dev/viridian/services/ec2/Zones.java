package dev.viridian.services.ec2;

import java.util.List;
import java.util.stream.Stream;

/// Regions and their availability zones. Every region has three zones here.
final class Zones {
    /// The regions that are on in a new account, and those to opt in to.
    static final List<String> REGIONS = List.of("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1",
            "ap-southeast-2", "ca-central-1",
            "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2");

    private Zones() {}

    static List<String> of(String region) {
        return Stream.of("a", "b", "c").map(letter -> region + letter).toList();
    }

    /// `use1-az1` for `us-east-1a`: the region's parts shortened, the zone counted.
    static String id(String zone) {
        String region = zone.substring(0, zone.length() - 1);
        String[] parts = region.split("-");
        StringBuilder shortened = new StringBuilder();
        for (int n = 0; n < parts.length; n++) {
            shortened.append(n == 0 || n == parts.length - 1 ? parts[n] : abbreviation(parts[n]));
        }
        return shortened + "-az" + (zone.charAt(zone.length() - 1) - 'a' + 1);
    }

    private static String abbreviation(String direction) {
        return switch (direction) {
            case "northeast" -> "ne";
            case "northwest" -> "nw";
            case "southeast" -> "se";
            case "southwest" -> "sw";
            case "gov" -> "g";
            default -> direction.substring(0, 1);
        };
    }
}
