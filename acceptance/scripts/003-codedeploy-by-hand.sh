#!/usr/bin/env bash
# Walkthrough 003 (AWS Cookbook recipe 605): a service behind a load balancer is updated to green by CodeDeploy, all by CLI.
# What its CDK stack makes beforehand is made here by the equal CLI calls.
. "$VIRIDIAN_HOME/acceptance/scripts/lib.sh"
account=$(aws sts get-caller-identity --query Account --output text)
region=$AWS_DEFAULT_REGION

say "before the recipe: images, cluster, load balancer, blue service, bucket"
uri=$(aws ecr create-repository --repository-name cookbook605 --query repository.repositoryUri --output text)
aws ecr get-login-password | docker login --username AWS --password-stdin "$account.dkr.ecr.$region.amazonaws.com" >/dev/null 2>&1
push_page_image "$uri" blue "Blue"
push_page_image "$uri" green "Green"
expect "images in ECR" "blue green" bash -c "aws ecr list-images --repository-name cookbook605 --query 'sort(imageIds[].imageTag)' --output text | tr '\t' ' '"
vpc=$(aws ec2 describe-vpcs --filters Name=isDefault,Values=true --query 'Vpcs[0].VpcId' --output text)
subnets=$(aws ec2 describe-subnets --filters "Name=vpc-id,Values=$vpc" --query 'Subnets[0:2].SubnetId' --output text)
group=$(aws ec2 describe-security-groups --filters "Name=vpc-id,Values=$vpc" Name=group-name,Values=default --query 'SecurityGroups[0].GroupId' --output text)
LOAD_BALANCER_ARN=$(aws elbv2 create-load-balancer --name FargateServiceALB --subnets $subnets --security-groups "$group" --query 'LoadBalancers[0].LoadBalancerArn' --output text)
LOAD_BALANCER_DNS=$(aws elbv2 describe-load-balancers --names FargateServiceALB --query 'LoadBalancers[0].DNSName' --output text)
health=(--health-check-interval-seconds 10 --healthy-threshold-count 2 --target-type ip --protocol HTTP --port 80 --vpc-id "$vpc")
default_tg=$(aws elbv2 create-target-group --name DefaultTG "${health[@]}" --query 'TargetGroups[0].TargetGroupArn' --output text)
blue_tg=$(aws elbv2 create-target-group --name BlueTG "${health[@]}" --query 'TargetGroups[0].TargetGroupArn' --output text)
aws elbv2 modify-target-group-attributes --target-group-arn "$blue_tg" --attributes Key=deregistration_delay.timeout_seconds,Value=60 >/dev/null
PROD_LISTENER_ARN=$(aws elbv2 create-listener --load-balancer-arn "$LOAD_BALANCER_ARN" --protocol HTTP --port 80 --default-actions "Type=forward,TargetGroupArn=$default_tg" --query 'Listeners[0].ListenerArn' --output text)
TEST_LISTENER_ARN=$(aws elbv2 create-listener --load-balancer-arn "$LOAD_BALANCER_ARN" --protocol HTTP --port 8080 --default-actions "Type=forward,TargetGroupArn=$blue_tg" --query 'Listeners[0].ListenerArn' --output text)
RULE_ARN=$(aws elbv2 create-rule --listener-arn "$PROD_LISTENER_ARN" --priority 1 --conditions '[{"Field":"http-header","HttpHeaderConfig":{"HttpHeaderName":"All","Values":["*.*.*"]}}]' \
  --actions "Type=forward,TargetGroupArn=$blue_tg" --query 'Rules[0].RuleArn' --output text)
trust='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
execution_role=$(aws iam create-role --role-name ecsTaskExecutionRole --assume-role-policy-document "$trust" --query Role.Arn --output text)
aws logs create-log-group --log-group-name /ecs/cookbook605
for colour in Blue Green; do
  cat >"taskdef-$colour.json" <<JSON
{"family": "FargateTask$colour", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512", "executionRoleArn": "$execution_role",
 "containerDefinitions": [{"name": "ContainerDef$colour", "image": "$uri:${colour,,}", "essential": true, "portMappings": [{"containerPort": 80}],
  "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/cookbook605", "awslogs-region": "$region", "awslogs-stream-prefix": "${colour,,}"}}}]}
JSON
  aws ecs register-task-definition --cli-input-json "file://taskdef-$colour.json" >/dev/null
done
FARGATE_TASK_GREEN_ARN=$(aws ecs describe-task-definition --task-definition FargateTaskGreen --query taskDefinition.taskDefinitionArn --output text)
aws ecs create-cluster --cluster-name awscookbook605 >/dev/null
aws ecs create-service --cluster awscookbook605 --service-name AWSCookbook605 --task-definition FargateTaskBlue --desired-count 2 --launch-type FARGATE \
  --deployment-controller type=CODE_DEPLOY --platform-version LATEST --deployment-configuration maximumPercent=100,minimumHealthyPercent=0 \
  --network-configuration "awsvpcConfiguration={subnets=[$(echo $subnets | tr ' ' ',')],securityGroups=[$group],assignPublicIp=ENABLED}" \
  --load-balancers "targetGroupArn=$blue_tg,containerName=ContainerDefBlue,containerPort=80" >/dev/null
bucket=cookbook605-$account
aws s3 mb "s3://$bucket" >/dev/null
steady awscookbook605 AWSCookbook605

say "1. the blue application"
eventually "port 8080 shows blue" 30 Blue page "http://$LOAD_BALANCER_DNS:8080"
expect "production with the recipe's header shows blue" Blue page -H 'All: 1.2.3' "http://$LOAD_BALANCER_DNS"
expect "production without it reaches the empty default group" 503 code "http://$LOAD_BALANCER_DNS"

say "2-3. a role for CodeDeploy"
cat >assume-role-policy.json <<'JSON'
{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "codedeploy.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
JSON
aws iam create-role --role-name ecsCodeDeployRole --assume-role-policy-document file://assume-role-policy.json >/dev/null
aws iam attach-role-policy --role-name ecsCodeDeployRole --policy-arn arn:aws:iam::aws:policy/AWSCodeDeployRoleForECS
expect "the policy is attached" AWSCodeDeployRoleForECS aws iam list-attached-role-policies --role-name ecsCodeDeployRole --query 'AttachedPolicies[].PolicyName' --output text

say "4. the green target group, first with the mistake the walkthrough shows"
refused "an unknown VPC" "An error occurred (ValidationError) when calling the CreateTargetGroup operation: The VPC ID 'vpc-01ad05dbfdd8603d9' is not found" \
  aws elbv2 create-target-group --name GreenTG --port 80 --protocol HTTP --vpc-id vpc-01ad05dbfdd8603d9 --target-type ip
green_tg=$(aws elbv2 create-target-group --name GreenTG "${health[@]}" --query 'TargetGroups[0].TargetGroupArn' --output text)

say "5-7. application and deployment group from the template"
aws deploy create-application --application-name awscookbook-605 --compute-platform ECS >/dev/null
cat >codedeploy-template.json <<'JSON'
{
  "applicationName": "awscookbook-605",
  "autoRollbackConfiguration": {"enabled": true, "events": ["DEPLOYMENT_FAILURE"]},
  "blueGreenDeploymentConfiguration": {
    "deploymentReadyOption": {"actionOnTimeout": "CONTINUE_DEPLOYMENT", "waitTimeInMinutes": 0},
    "terminateBlueInstancesOnDeploymentSuccess": {"action": "TERMINATE", "terminationWaitTimeInMinutes": 5}
  },
  "deploymentGroupName": "awscookbook-605-dg",
  "deploymentStyle": {"deploymentOption": "WITH_TRAFFIC_CONTROL", "deploymentType": "BLUE_GREEN"},
  "loadBalancerInfo": {"targetGroupPairInfoList": [{
    "prodTrafficRoute": {"listenerArns": ["PROD_LISTENER_ARN"]},
    "targetGroups": [{"name": "BlueTG"}, {"name": "GreenTG"}],
    "testTrafficRoute": {"listenerArns": ["TEST_LISTENER_ARN"]}
  }]},
  "serviceRoleArn": "arn:aws:iam::AWS_ACCOUNT_ID:role/ecsCodeDeployRole",
  "ecsServices": [{"clusterName": "awscookbook605", "serviceName": "AWSCookbook605"}]
}
JSON
sed -e "s/AWS_ACCOUNT_ID/$account/g" -e "s|PROD_LISTENER_ARN|$PROD_LISTENER_ARN|g" -e "s|TEST_LISTENER_ARN|$TEST_LISTENER_ARN|g" codedeploy-template.json >codedeploy.json
aws deploy create-deployment-group --cli-input-json file://codedeploy.json >/dev/null

say "8-9. the AppSpec goes to S3"
cat >appspec-template.yaml <<'YAML'
version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: "FARGATE_TASK_GREEN_ARN"
        LoadBalancerInfo:
          ContainerName: "ContainerDefGreen"
          ContainerPort: 80
        PlatformVersion: "LATEST"
YAML
sed -e "s|FARGATE_TASK_GREEN_ARN|$FARGATE_TASK_GREEN_ARN|g" appspec-template.yaml >appspec.yaml
aws s3 cp appspec.yaml "s3://$bucket/" >/dev/null
expect "the AppSpec lies there" appspec.yaml aws s3api list-objects-v2 --bucket "$bucket" --query 'Contents[].Key' --output text

say "10-11. the deployment"
cat >deployment-template.json <<'JSON'
{"applicationName": "awscookbook-605", "deploymentGroupName": "awscookbook-605-dg",
 "revision": {"revisionType": "S3", "s3Location": {"bucket": "BUCKET", "key": "appspec.yaml", "bundleType": "YAML"}}}
JSON
sed -e "s/BUCKET/$bucket/" deployment-template.json >deployment.json
id=$(aws deploy create-deployment --cli-input-json file://deployment.json --query deploymentId --output text)
refused "a second deployment of the group" "The Deployment Group 'awscookbook-605-dg' already has an active Deployment '$id'" aws deploy create-deployment --cli-input-json file://deployment.json
eventually "green is served in production" 60 Green page -H 'All: 1.2.3' "http://$LOAD_BALANCER_DNS"
expect "green is served on 8080" Green page "http://$LOAD_BALANCER_DNS:8080"
expect "blue still runs while the termination wait lasts" 2 aws ecs describe-services --cluster awscookbook605 --services AWSCookbook605 --query 'length(services[0].taskSets)' --output text
eventually "the deployment succeeds" 60 Succeeded aws deploy get-deployment --deployment-id "$id" --query deploymentInfo.status --output text
target=$(aws deploy list-deployment-targets --deployment-id "$id" --query 'targetIds[0]' --output text)
expect "all eight lifecycle events succeeded, in order" \
  "BeforeInstall Install AfterInstall AllowTestTraffic AfterAllowTestTraffic BeforeAllowTraffic AllowTraffic AfterAllowTraffic" \
  bash -c "aws deploy get-deployment-target --deployment-id $id --target-id $target --query 'deploymentTarget.ecsTarget.lifecycleEvents[?status==\`Succeeded\`].lifecycleEventName' --output text | tr '\t' ' '"
eventually "blue is gone" 60 2 aws ecs describe-services --cluster awscookbook605 --services AWSCookbook605 --query 'services[0].runningCount' --output text
expect "the rule of the production listener forwards to green" 100 aws elbv2 describe-rules --rule-arns "$RULE_ARN" \
  --query "Rules[0].Actions[0].ForwardConfig.TargetGroups[?TargetGroupArn=='$green_tg'].Weight | [0]" --output text

say "clean up, as the recipe does"
aws deploy delete-deployment-group --application-name awscookbook-605 --deployment-group-name awscookbook-605-dg >/dev/null
aws deploy delete-application --application-name awscookbook-605
aws iam detach-role-policy --role-name ecsCodeDeployRole --policy-arn arn:aws:iam::aws:policy/AWSCodeDeployRoleForECS
aws iam delete-role --role-name ecsCodeDeployRole
aws ecs delete-service --cluster awscookbook605 --service AWSCookbook605 --force >/dev/null
eventually "no task is left" 60 None aws ecs list-tasks --cluster awscookbook605 --query 'taskArns[0]' --output text
aws elbv2 delete-rule --rule-arn "$(aws elbv2 describe-rules --listener-arn "$PROD_LISTENER_ARN" --query 'Rules[?Priority==`"1"`].RuleArn' --output text)"
aws elbv2 modify-listener --listener-arn "$TEST_LISTENER_ARN" --default-actions "Type=forward,TargetGroupArn=$default_tg" >/dev/null
aws elbv2 delete-target-group --target-group-arn "$green_tg"
aws elbv2 delete-load-balancer --load-balancer-arn "$LOAD_BALANCER_ARN"
aws ecr batch-delete-image --repository-name cookbook605 --image-ids imageTag=blue imageTag=green >/dev/null
aws s3 rb "s3://$bucket" --force >/dev/null
say "walkthrough 003 holds"
