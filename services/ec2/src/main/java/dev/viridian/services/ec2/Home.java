package dev.viridian.services.ec2;

import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.ec2.model.AttachmentStatus;
import software.amazon.awssdk.services.ec2.model.InternetGateway;
import software.amazon.awssdk.services.ec2.model.InternetGatewayAttachment;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteOrigin;
import software.amazon.awssdk.services.ec2.model.RouteState;

/// The default VPC of an account in a region: 172.31.0.0/16, a public subnet in every zone, a security group, and a way out. It is there before
/// anybody
/// looks, and stays away once deleted.
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html>
final class Home {
    private static final Cidr BLOCK = Cidr.parse("172.31.0.0/16").orElseThrow();
    private static final int SUBNET_BITS = 20;

    private final Store store;
    private final Network network;
    private final Table<Made> made;

    /// That an account's default VPC in a region was made once.
    record Made(String account, String region) {}

    Home(Store store, Network network) {
        this.store = store;
        this.network = network;
        this.made = store.table("ec2.homes", Made.class);
    }

    void ensure() {
        String key = key();
        if (!made.contains(key)) {
            store.transact(() -> {
                if (made.putIfAbsent(key, new Made(Caller.current().account(), Caller.current().region()))) {
                    build(Home::stable);
                }
            });
        }
    }

    /// @param ids makes the id of a resource from its kind and what tells it from its siblings
    String build(UnaryOperator<String> ids) {
        String vpc = "vpc-" + ids.apply("vpc");
        String table = "rtb-" + ids.apply("route-table");
        String gateway = "igw-" + ids.apply("internet-gateway");
        network.vpcs.put(Vpcs.row(vpc, BLOCK, true, List.of()));
        network.groups.put(SecurityGroups.defaultGroup("sg-" + ids.apply("security-group"), vpc, "sgr-" + ids.apply("rule-in"),
                "sgr-" + ids.apply("rule-out")));
        InternetGatewayAttachment attachment = InternetGatewayAttachment.builder().vpcId(vpc).state(AttachmentStatus.fromValue("available")).build();
        network.internetGateways.put(new Row.OfInternetGateway(InternetGateway.builder().internetGatewayId(gateway)
                .ownerId(Caller.current().account())
                .attachments(attachment).build()));
        Row.OfRouteTable main = RouteTables.main(table, "rtbassoc-" + ids.apply("association"), vpc, BLOCK);
        Route out = Route.builder().destinationCidrBlock("0.0.0.0/0").gatewayId(gateway).origin(RouteOrigin.CREATE_ROUTE).state(RouteState.ACTIVE)
                .build();
        network.routeTables.put(RouteTables.with(main, out));
        int n = 0;
        for (String zone : Zones.of(Caller.current().region())) {
            network.subnets.put(Subnets.row("subnet-" + ids.apply("subnet-" + zone), vpc, BLOCK.part(n++, SUBNET_BITS), zone, true, List.of()));
        }
        return vpc;
    }

    private static String key() {
        return Key.of(Caller.current().account(), Caller.current().region());
    }

    /// 17 hexadecimal digits that are always the same for the same account, region and purpose.
    private static String stable(String purpose) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest((key() + " default " + purpose).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, 17);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
