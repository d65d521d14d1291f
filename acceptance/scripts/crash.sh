#!/usr/bin/env bash
# kill -9 of the server in the middle of a build, of a linear shift and of the termination wait: the same ids go on to the same end.
# Whoever runs this script watches for the file $WORK/crash, kills and restarts the server, and removes the file.
. "$VIRIDIAN_HOME/acceptance/scripts/lib.sh"
account=$(aws sts get-caller-identity --query Account --output text)
region=$AWS_DEFAULT_REGION
role() { aws iam create-role --role-name "$1" --assume-role-policy-document "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"$2\"},\"Action\":\"sts:AssumeRole\"}]}" --query Role.Arn --output text; }
crash() {
  touch "$WORK/crash"
  while [ -e "$WORK/crash" ]; do sleep 0.1; done
  printf 'ok  killed in the middle of %s, and started again\n' "$1"
}
# The engine itself, not our socket: through that one sees only what one made.
containers() { env -u DOCKER_HOST docker ps -q --filter "label=dev.viridian.installation=$(cat "$VIRIDIAN_DATA/installation")" | wc -l; }

say "the application of walkthrough 000, with a build that takes its time"
task_role=$(role ecsTaskExecutionRole ecs-tasks.amazonaws.com)
uri=$(aws ecr create-repository --repository-name nginx-sample --query repository.repositoryUri --output text)
aws codecommit create-repository --repository-name nginx-sample >/dev/null
aws s3 mb s3://crash-artifacts >/dev/null
aws logs create-log-group --log-group-name /ecs/nginx-sample
git clone -q "codecommit::$region://nginx-sample" nginx-sample 2>/dev/null
cp "$VIRIDIAN_HOME"/app/src/main/resources/demo/* nginx-sample/
sed -i 's/^  build:$/  build:/; s/      - echo Docker build and tagging started on `date`/      - echo Docker build and tagging started on `date`\n      - for i in 1 2 3 4 5 6 7 8; do echo step $i; sleep 1; done/' nginx-sample/buildspec.yml
cat >project.json <<JSON
{"name": "nginx-sample", "serviceRole": "$(role build codebuild.amazonaws.com)", "source": {"type": "CODECOMMIT", "location": "https://git-codecommit.$region.amazonaws.com/v1/repos/nginx-sample"},
 "artifacts": {"type": "NO_ARTIFACTS"}, "environment": {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:5.0", "computeType": "BUILD_GENERAL1_SMALL", "privilegedMode": true,
 "environmentVariables": [{"name": "REPOSITORY_URI", "value": "$uri"}, {"name": "TASK_EXECUTION_ARN", "value": "$task_role"}]}}
JSON
aws codebuild create-project --cli-input-json file://project.json >/dev/null
(cd nginx-sample && git checkout -q -b main && git add . && git commit -q -m blue && git push -q origin main)

say "1. in the middle of a build"
build=$(aws codebuild start-build --project-name nginx-sample --source-version main --query build.id --output text)
phase() { aws codebuild batch-get-builds --ids "$build" --query 'builds[0].currentPhase' --output text; }
eventually "the build is in its BUILD phase" 60 BUILD phase
crash "a build"
status() { aws codebuild batch-get-builds --ids "$build" --query 'builds[0].buildStatus' --output text; }
eventually "the same build succeeds" 90 SUCCEEDED status
stream=$(aws codebuild batch-get-builds --ids "$build" --query 'builds[0].logs.streamName' --output text)
lines() { aws logs get-log-events --log-group-name /aws/codebuild/nginx-sample --log-stream-name "$stream" --start-from-head --query 'events[].message' --output text | tr '\t' '\n' | grep -c '^step [1-8]$'; }
expect "its log has every line once" 8 lines
expect "no build container is left over" 0 containers

say "a blue service behind a load balancer"
vpc=$(aws ec2 describe-vpcs --filters Name=isDefault,Values=true --query 'Vpcs[0].VpcId' --output text)
subnets=$(aws ec2 describe-subnets --filters "Name=vpc-id,Values=$vpc" --query 'Subnets[0:2].SubnetId' --output text)
balancer=$(aws elbv2 create-load-balancer --name crash --subnets $subnets --query 'LoadBalancers[0].LoadBalancerArn' --output text)
dns=$(aws elbv2 describe-load-balancers --names crash --query 'LoadBalancers[0].DNSName' --output text)
group() { aws elbv2 create-target-group --name "$1" --protocol HTTP --port 80 --vpc-id "$vpc" --target-type ip --health-check-path /healthz --health-check-interval-seconds 10 --healthy-threshold-count 2 --query 'TargetGroups[0].TargetGroupArn' --output text; }
blue=$(group crash-blue); green=$(group crash-green)
prod=$(aws elbv2 create-listener --load-balancer-arn "$balancer" --protocol HTTP --port 80 --default-actions "Type=forward,TargetGroupArn=$blue" --query 'Listeners[0].ListenerArn' --output text)
sed -e "s@REPOSITORY_URI:IMAGE_TAG@$uri:latest@; s@AWS_REGION@$region@; s@TASK_EXECUTION_ARN@$task_role@" nginx-sample/taskdef.json >taskdef.json
aws ecs register-task-definition --cli-input-json file://taskdef.json >/dev/null
aws ecs create-cluster --cluster-name crash >/dev/null
aws ecs create-service --cluster crash --service-name web --task-definition nginx-sample --desired-count 2 --launch-type FARGATE --deployment-controller type=CODE_DEPLOY \
  --network-configuration "awsvpcConfiguration={subnets=[$(echo $subnets | tr ' ' ',')]}" --load-balancers "targetGroupArn=$blue,containerName=nginx-sample,containerPort=80" >/dev/null
steady crash web
aws deploy create-application --application-name crash --compute-platform ECS >/dev/null
cat >group.json <<JSON
{"applicationName": "crash", "deploymentGroupName": "crash", "serviceRoleArn": "$(role deploy codedeploy.amazonaws.com)", "ecsServices": [{"clusterName": "crash", "serviceName": "web"}],
 "deploymentConfigName": "CodeDeployDefault.ECSLinear10PercentEvery1Minutes", "deploymentStyle": {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
 "blueGreenDeploymentConfiguration": {"deploymentReadyOption": {"actionOnTimeout": "CONTINUE_DEPLOYMENT"}, "terminateBlueInstancesOnDeploymentSuccess": {"action": "TERMINATE", "terminationWaitTimeInMinutes": 15}},
 "loadBalancerInfo": {"targetGroupPairInfoList": [{"targetGroups": [{"name": "crash-blue"}, {"name": "crash-green"}], "prodTrafficRoute": {"listenerArns": ["$prod"]}}]}}
JSON
aws deploy create-deployment-group --cli-input-json file://group.json >/dev/null
aws iam create-role --role-name pipe --assume-role-policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"codepipeline.amazonaws.com"},"Action":"sts:AssumeRole"}]}' >/dev/null
cat >pipeline.json <<JSON
{"pipeline": {"name": "crash", "roleArn": "arn:aws:iam::$account:role/pipe", "artifactStore": {"type": "S3", "location": "crash-artifacts"}, "stages": [
  {"name": "Source", "actions": [{"name": "Source", "actionTypeId": {"category": "Source", "owner": "AWS", "provider": "CodeCommit", "version": "1"},
    "configuration": {"RepositoryName": "nginx-sample", "BranchName": "main"}, "outputArtifacts": [{"name": "SourceArtifact"}]}]},
  {"name": "Build", "actions": [{"name": "Build", "actionTypeId": {"category": "Build", "owner": "AWS", "provider": "CodeBuild", "version": "1"},
    "configuration": {"ProjectName": "nginx-sample"}, "inputArtifacts": [{"name": "SourceArtifact"}], "outputArtifacts": [{"name": "BuildArtifact"}]}]},
  {"name": "Deploy", "actions": [{"name": "Deploy", "actionTypeId": {"category": "Deploy", "owner": "AWS", "provider": "CodeDeployToECS", "version": "1"},
    "configuration": {"ApplicationName": "crash", "DeploymentGroupName": "crash", "TaskDefinitionTemplateArtifact": "BuildArtifact", "AppSpecTemplateArtifact": "BuildArtifact"},
    "inputArtifacts": [{"name": "BuildArtifact"}]}]}]}}
JSON
(cd nginx-sample && sed -i 's/background-color: blue/background-color: green/' index.html && git commit -q -a -m green && git push -q origin main)
aws codepipeline create-pipeline --cli-input-json file://pipeline.json >/dev/null
state() { aws codepipeline get-pipeline-state --name crash --query "stageStates[?stageName=='$1'].actionStates[0].latestExecution.$2 | [0]" --output text; }
eventually "the pipeline reaches Deploy" 120 InProgress state Deploy status
deployment() { state Deploy externalExecutionId | sed 's/None//'; }
for _ in $(seq 50); do id=$(deployment); [ -n "$id" ] && break; sleep 0.2; done
execution=$(aws codepipeline list-pipeline-executions --pipeline-name crash --query 'pipelineExecutionSummaries[0].pipelineExecutionId' --output text)
weight() { aws elbv2 describe-listeners --listener-arns "$prod" --query "Listeners[0].DefaultActions[0].ForwardConfig.TargetGroups[?TargetGroupArn=='$green'].Weight | [0]" --output text | sed 's/None/0/'; }

say "2. in the middle of a linear shift"
for _ in $(seq 300); do at=$(weight); [ "$at" -ge 20 ] && break; sleep 0.1; done
[ "$at" -ge 20 ] && [ "$at" -lt 90 ] || fail "the shift should have been under way, green has $at"
crash "a linear shift at $at %"
after=$(weight)
[ "$after" -ge "$at" ] || fail "the weight of green went back from $at to $after"
for _ in $(seq 20); do expect "the page is served" 200 code "http://$dns/" >/dev/null; done
last=$after
for _ in $(seq 300); do
  now=$(weight)
  [ "$now" -ge "$last" ] || fail "the weight of green went back from $last to $now"
  last=$now
  [ "$now" = 100 ] && break
  sleep 0.1
done
[ "$last" = 100 ] || fail "the shift did not go on: green has $last"
printf 'ok  the shift went on from %s to 100 without a step back\n' "$after"

say "3. in the termination wait"
termination() { aws deploy get-deployment --deployment-id "$id" --query deploymentInfo.instanceTerminationWaitTimeStarted --output text; }
eventually "blue waits for its end" 30 True termination
crash "the termination wait"
expect "the same deployment is still under way" InProgress aws deploy get-deployment --deployment-id "$id" --query deploymentInfo.status --output text
eventually "it succeeds" 60 Succeeded aws deploy get-deployment --deployment-id "$id" --query deploymentInfo.status --output text
execution_status() { aws codepipeline get-pipeline-execution --pipeline-name crash --pipeline-execution-id "$execution" --query pipelineExecution.status --output text; }
eventually "the same execution succeeds" 30 Succeeded execution_status
expect "it made one deployment" "$id" aws deploy list-deployments --application-name crash --deployment-group-name crash --query 'deployments' --output text
eventually "two tasks, each with its pause container, are all that is left" 60 4 containers
expect_in "the page is green" "background-color: green" page "http://$dns/"
say "crashes change nothing"
