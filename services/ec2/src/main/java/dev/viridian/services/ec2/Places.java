package dev.viridian.services.ec2;

import dev.viridian.aws.Caller;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ec2.model.AccountAttribute;
import software.amazon.awssdk.services.ec2.model.AccountAttributeValue;
import software.amazon.awssdk.services.ec2.model.AvailabilityZone;
import software.amazon.awssdk.services.ec2.model.AvailabilityZoneOptInStatus;
import software.amazon.awssdk.services.ec2.model.AvailabilityZoneState;
import software.amazon.awssdk.services.ec2.model.DescribeAccountAttributesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeAvailabilityZonesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeRegionsRequest;
import software.amazon.awssdk.services.ec2.model.Region;

/// Regions, zones and attributes of the account: what is the same for everybody.
final class Places {
    private static final Filters<AvailabilityZone> ZONES = new Filters<AvailabilityZone>(zone -> List.of())
            .by("zone-name", AvailabilityZone::zoneName)
            .by("zone-id", AvailabilityZone::zoneId).by("zone-type", AvailabilityZone::zoneType).by("region-name", AvailabilityZone::regionName)
            .by("state", AvailabilityZone::stateAsString).by("opt-in-status", AvailabilityZone::optInStatusAsString)
            .by("group-name", AvailabilityZone::groupName);
    private static final Filters<Region> REGIONS = new Filters<Region>(region -> List.of()).by("region-name", Region::regionName)
            .by("endpoint", Region::endpoint)
            .by("opt-in-status", Region::optInStatus);

    private final Network network;

    Places(Network network) {
        this.network = network;
    }

    List<AvailabilityZone> zones(DescribeAvailabilityZonesRequest request) {
        List<AvailabilityZone> all = Zones.of(Caller.current().region()).stream().map(Places::zone).toList();
        request.zoneNames().stream().filter(name -> all.stream().noneMatch(zone -> zone.zoneName().equals(name))).findFirst().ifPresent(name -> {
            throw Ec2Errors.invalidValue("Invalid availability zone: [" + name + "]");
        });
        return ZONES.apply(all, request.filters()).stream()
                .filter(zone -> request.zoneNames().isEmpty() || request.zoneNames().contains(zone.zoneName()))
                .filter(zone -> request.zoneIds().isEmpty() || request.zoneIds().contains(zone.zoneId())).toList();
    }

    private static AvailabilityZone zone(String name) {
        String region = Caller.current().region();
        return AvailabilityZone.builder().zoneName(name).zoneId(Zones.id(name)).regionName(region).networkBorderGroup(region)
                .groupName(region + "-zg-1")
                .zoneType("availability-zone").state(AvailabilityZoneState.AVAILABLE).optInStatus(AvailabilityZoneOptInStatus.OPT_IN_NOT_REQUIRED)
                .messages(List.of()).build();
    }

    List<Region> regions(DescribeRegionsRequest request) {
        request.regionNames().stream().filter(name -> !Zones.REGIONS.contains(name)).findFirst().ifPresent(name -> {
            throw Ec2Errors.invalidValue("Invalid region provided: " + name);
        });
        List<Region> all = Zones.REGIONS.stream().filter(name -> request.regionNames().isEmpty() || request.regionNames().contains(name))
                .map(name -> Region.builder().regionName(name).endpoint("ec2." + name + ".amazonaws.com").optInStatus("opt-in-not-required").build())
                .toList();
        return REGIONS.apply(all, request.filters());
    }

    List<AccountAttribute> attributes(DescribeAccountAttributesRequest request) {
        Map<String, String> all = Map.of("supported-platforms", "VPC", "default-vpc", network.defaultVpc().map(Row.OfVpc::id).orElse("none"),
                "vpc-max-security-groups-per-interface", "5", "vpc-max-elastic-ips", "5", "max-elastic-ips", "5", "max-instances", "20");
        return all.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .filter(entry -> request.attributeNames().isEmpty() || request.attributeNamesAsStrings().contains(entry.getKey()))
                .map(entry -> AccountAttribute.builder().attributeName(entry.getKey())
                        .attributeValues(AccountAttributeValue.builder().attributeValue(entry.getValue()).build()).build()).toList();
    }
}
