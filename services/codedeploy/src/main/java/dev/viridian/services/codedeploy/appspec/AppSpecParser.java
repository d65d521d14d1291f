package dev.viridian.services.codedeploy.appspec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads an application specification for ECS. YAML 1.2 contains JSON, so one grammar serves both.
///
/// Keys are matched whatever their case, as AWS's own CLI does when it rewrites the file. Members nobody knows are let pass, as AWS adds some
/// from time to time; an unknown hook is an error, because it would silently never run.
public final class AppSpecParser {
    private AppSpecParser() {}

    /// @throws AppSpecException when the text is not an application specification for ECS
    public static AppSpec parse(String text) {
        Place root = new Place("AppSpec", compose(text));
        version(root.require("version"));
        Place properties = theService(root.require("Resources"));
        Place balancer = properties.require("LoadBalancerInfo");
        return new AppSpec(
                taskDefinition(properties.require("TaskDefinition")),
                balancer.require("ContainerName").text(),
                balancer.require("ContainerPort").number(1, 65535),
                properties.find("PlatformVersion").map(Place::text),
                properties.find("NetworkConfiguration").map(AppSpecParser::network),
                properties.find("CapacityProviderStrategy").map(AppSpecParser::capacityProviders).orElse(List.of()),
                root.find("Hooks").map(AppSpecParser::hooks).orElse(Map.of()));
    }

    private static Node compose(String text) {
        try {
            LoadSettings settings = LoadSettings.builder().setLabel("AppSpec").build();
            return new Compose(settings)
                    .composeString(tabsToSpaces(text))
                    .orElseThrow(() -> new AppSpecException("The AppSpec is empty."));
        } catch (MarkedYamlEngineException e) {
            String where = e.getProblemMark().map(m -> " at line " + (m.getLine() + 1) + ", column " + (m.getColumn() + 1)).orElse("");
            throw new AppSpecException("The AppSpec is neither YAML nor JSON" + where + ": " + e.getProblem() + ".");
        } catch (YamlEngineException e) {
            throw new AppSpecException("The AppSpec is neither YAML nor JSON: " + e.getMessage());
        }
    }

    /// JSON may be indented with tabs, which YAML forbids; inside JSON's texts a bare tab cannot occur.
    private static String tabsToSpaces(String text) {
        return text.stripLeading().startsWith("{") ? text.replace('\t', ' ') : text;
    }

    private static void version(Place version) {
        if (!version.text().matches("0(\\.0)?")) {
            throw version.wrong("must be 0.0, not " + version.text());
        }
    }

    private static Place theService(Place resources) {
        List<Place> items = resources.items();
        if (items.size() != 1) {
            throw resources.wrong("must contain exactly one resource, not " + items.size());
        }
        Map<String, Place> named = items.getFirst().entries();
        if (named.size() != 1) {
            throw items.getFirst().wrong("must contain exactly one resource, not " + named.size());
        }
        Place resource = named.values().iterator().next();
        Place type = resource.require("Type");
        if (!type.text().equals("AWS::ECS::Service")) {
            throw type.wrong("must be AWS::ECS::Service, not " + type.text());
        }
        return resource.require("Properties");
    }

    /// A family without a revision and a file name are refused at once; what ECS can resolve or refuse itself goes to ECS.
    private static String taskDefinition(Place place) {
        String text = place.text();
        if (!text.matches("arn:.+:task-definition/.+|[A-Za-z0-9_-]+:[A-Za-z0-9]+")) {
            throw place.wrong("must be the ARN of a task definition, not " + text);
        }
        return text;
    }

    private static AppSpec.Network network(Place place) {
        Place vpc = place.require("AwsvpcConfiguration");
        List<String> subnets = vpc.require("Subnets").items().stream().map(Place::text).toList();
        List<String> groups = vpc.require("SecurityGroups").items().stream().map(Place::text).toList();
        Place publicIp = vpc.require("AssignPublicIp");
        if (!publicIp.text().matches("ENABLED|DISABLED")) {
            throw publicIp.wrong("must be ENABLED or DISABLED, not " + publicIp.text());
        }
        return new AppSpec.Network(subnets, groups, Optional.of(publicIp.text()));
    }

    private static List<AppSpec.CapacityProvider> capacityProviders(Place place) {
        return place.items().stream()
                .map(item -> new AppSpec.CapacityProvider(
                        item.require("CapacityProvider").text(),
                        item.find("Base").map(base -> base.number(0, 100_000)).orElse(0),
                        item.find("Weight").map(weight -> weight.number(0, 1000)).orElse(0)))
                .toList();
    }

    private static Map<String, String> hooks(Place place) {
        Map<String, String> hooks = new LinkedHashMap<>();
        for (Place item : place.items()) {
            for (Place function : item.entries().values()) {
                if (hooks.put(event(function), function.text()) != null) {
                    throw function.wrong("is given twice; an event can call one function");
                }
            }
        }
        return hooks;
    }

    private static String event(Place function) {
        return AppSpec.HOOKS.stream()
                .filter(hook -> hook.equalsIgnoreCase(function.name()))
                .findFirst()
                .orElseThrow(() -> function.wrong("is not a lifecycle event that can call a function; those are "
                        + String.join(", ", AppSpec.HOOKS)));
    }
}
