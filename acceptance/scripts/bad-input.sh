#!/usr/bin/env bash
# Bad input through the real CLI: AWS's error, nothing changed, nothing stuck.
. "$VIRIDIAN_HOME/acceptance/scripts/lib.sh"
account=$(aws sts get-caller-identity --query Account --output text)
region=$AWS_DEFAULT_REGION
role() { aws iam create-role --role-name "$1" --assume-role-policy-document "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"$2\"},\"Action\":\"sts:AssumeRole\"}]}" --query Role.Arn --output text; }
execution_role=$(role ecsTaskExecutionRole ecs-tasks.amazonaws.com)
pipeline_role=$(role pipeline codepipeline.amazonaws.com)
build_role=$(role build codebuild.amazonaws.com)
deploy_role=$(role deploy codedeploy.amazonaws.com)

say "wrong signatures"
AWS_SECRET_ACCESS_KEY=wrong refused "a wrong secret (query)" SignatureDoesNotMatch aws sts get-caller-identity
AWS_SECRET_ACCESS_KEY=wrong refused "a wrong secret (JSON)" InvalidSignatureException aws ecs list-clusters
AWS_SECRET_ACCESS_KEY=wrong refused "a wrong secret (S3)" SignatureDoesNotMatch aws s3api list-buckets
AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE refused "an unknown key (query)" InvalidClientTokenId aws sts get-caller-identity
AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE refused "an unknown key (JSON)" UnrecognizedClientException aws ecs list-clusters
expect "nothing signed is refused" 403 code "$AWS_ENDPOINT_URL/some-bucket"

say "unknown things"
refused "an unknown repository" RepositoryDoesNotExistException aws codecommit get-repository --repository-name nowhere
refused "cloning an unknown repository" "not found" git clone "codecommit::$region://nowhere"
refused "an unknown pipeline" PipelineNotFoundException aws codepipeline get-pipeline --name nowhere
refused "an unknown application" "No application found for name: nowhere" aws deploy get-application --application-name nowhere
refused "an unknown cluster" ClusterNotFoundException aws ecs list-services --cluster nowhere
refused "an unknown image repository" RepositoryNotFoundException aws ecr list-images --repository-name nowhere
refused "an unknown bucket" NoSuchBucket aws s3api list-objects-v2 --bucket nowhere-at-all
refused "an unknown target group" TargetGroupNotFound aws elbv2 describe-target-groups --names nowhere
refused "an operation nobody has written" NotImplemented aws codebuild list-report-groups

say "malformed definitions"
cat >broken-taskdef.json <<JSON
{"family": "broken", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "999", "executionRoleArn": "$execution_role",
 "containerDefinitions": [{"name": "web", "image": "busybox", "essential": true}]}
JSON
refused "a Fargate size that does not exist" "No Fargate configuration exists for given values" aws ecs register-task-definition --cli-input-json file://broken-taskdef.json
refused "no task definition was made" "Unable to describe task definition" aws ecs describe-task-definition --task-definition broken
cat >one-stage.json <<JSON
{"pipeline": {"name": "one", "roleArn": "$pipeline_role", "artifactStore": {"type": "S3", "location": "artifacts"}, "stages": [{"name": "Source", "actions": [{"name": "Source",
 "actionTypeId": {"category": "Source", "owner": "AWS", "provider": "CodeCommit", "version": "1"}, "configuration": {"RepositoryName": "r", "BranchName": "main"}, "outputArtifacts": [{"name": "a"}]}]}]}}
JSON
refused "a pipeline of one stage" "Pipeline has only 1 stage(s). There should be a minimum of 2 stages in a pipeline" aws codepipeline create-pipeline --cli-input-json file://one-stage.json
expect "no pipeline was made" None aws codepipeline list-pipelines --query 'pipelines[0].name' --output text
refused "a bad policy document" MalformedPolicyDocument aws iam create-role --role-name bad --assume-role-policy-document '{"Statement": 1}'
refused "a name with a blank" InvalidApplicationNameException aws deploy create-application --application-name 'two words' --compute-platform ECS

say "a malformed buildspec names its line"
aws codecommit create-repository --repository-name bad-build >/dev/null
git clone -q "codecommit::$region://bad-build" 2>/dev/null
printf 'version: 0.2\nphases:\n  build:\n    comands:\n      - echo hi\n' >bad-build/buildspec.yml
(cd bad-build && git checkout -q -b main && git add . && git commit -q -m bad && git push -q origin main)
cat >project.json <<JSON
{"name": "bad-build", "serviceRole": "$build_role", "source": {"type": "CODECOMMIT", "location": "https://git-codecommit.$region.amazonaws.com/v1/repos/bad-build"}, "artifacts": {"type": "NO_ARTIFACTS"},
 "environment": {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:4.0", "computeType": "BUILD_GENERAL1_SMALL"}}
JSON
aws codebuild create-project --cli-input-json file://project.json >/dev/null
build=$(aws codebuild start-build --project-name bad-build --source-version main --query build.id --output text)
status() { aws codebuild batch-get-builds --ids "$build" --query 'builds[0].buildStatus' --output text; }
eventually "the build fails" 60 FAILED status
expect_in "and says where" "buildspec.yml, line 4" aws codebuild batch-get-builds --ids "$build" --query 'builds[0].phases[].contexts[].message' --output text

say "tasks that cannot run say why and do not hang"
vpc=$(aws ec2 describe-vpcs --filters Name=isDefault,Values=true --query 'Vpcs[0].VpcId' --output text)
subnet=$(aws ec2 describe-subnets --filters "Name=vpc-id,Values=$vpc" --query 'Subnets[0].SubnetId' --output text)
aws ecs create-cluster --cluster-name bad >/dev/null
aws ecr create-repository --repository-name empty >/dev/null
run_task() { # NAME IMAGE COMMAND: registers it, runs it, prints the task's ARN
  cat >"$1.json" <<JSON
{"family": "$1", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512", "executionRoleArn": "$execution_role",
 "containerDefinitions": [{"name": "web", "image": "$2", "essential": true, "command": $3, "portMappings": [{"containerPort": 80}]}]}
JSON
  aws ecs register-task-definition --cli-input-json "file://$1.json" >/dev/null
  aws ecs run-task --cluster bad --launch-type FARGATE --task-definition "$1" --network-configuration "awsvpcConfiguration={subnets=[$subnet]}" --query 'tasks[0].taskArn' --output text
}
task_field() { aws ecs describe-tasks --cluster bad --tasks "$1" --query "tasks[0].$2" --output text; }
missing=$(run_task missing-image "$account.dkr.ecr.$region.amazonaws.com/empty:nothing" '[]')
eventually "a task whose image does not exist stops" 60 STOPPED task_field "$missing" lastStatus
expect_in "and says so" CannotPullContainerError task_field "$missing" stoppedReason
exits=$(run_task exits-at-once busybox '["sh", "-c", "exit 3"]')
eventually "a task that exits at once stops" 60 STOPPED task_field "$exits" lastStatus
expect "for this reason" "Essential container in task exited" task_field "$exits" stoppedReason
expect "with this code" 3 task_field "$exits" 'containers[0].exitCode'

say "a deployment whose target never gets healthy ends, and production never notices"
uri=$(aws ecr create-repository --repository-name page --query repository.repositoryUri --output text)
aws ecr get-login-password | docker login --username AWS --password-stdin "$uri" >/dev/null 2>&1
push_page_image "$uri" good good
subnets=$(aws ec2 describe-subnets --filters "Name=vpc-id,Values=$vpc" --query 'Subnets[0:2].SubnetId' --output text)
balancer=$(aws elbv2 create-load-balancer --name bad --subnets $subnets --query 'LoadBalancers[0].LoadBalancerArn' --output text)
dns=$(aws elbv2 describe-load-balancers --names bad --query 'LoadBalancers[0].DNSName' --output text)
group() { aws elbv2 create-target-group --name "$1" --protocol HTTP --port 80 --vpc-id "$vpc" --target-type ip --health-check-interval-seconds 10 --healthy-threshold-count 2 --query 'TargetGroups[0].TargetGroupArn' --output text; }
one=$(group bad-1); two=$(group bad-2)
prod=$(aws elbv2 create-listener --load-balancer-arn "$balancer" --protocol HTTP --port 80 --default-actions "Type=forward,TargetGroupArn=$one" --query 'Listeners[0].ListenerArn' --output text)
define() { # FAMILY IMAGE COMMAND
  printf '{"family": "%s", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512", "executionRoleArn": "%s", "containerDefinitions": [{"name": "web", "image": "%s", "essential": true%s, "portMappings": [{"containerPort": 80}]}]}' \
    "$1" "$execution_role" "$2" "${3:-}" >"$1.json"
  aws ecs register-task-definition --cli-input-json "file://$1.json" --query taskDefinition.taskDefinitionArn --output text
}
good=$(define page-good "$uri:good")
deaf=$(define page-deaf busybox ', "command": ["sleep", "100000"]')
aws ecs create-service --cluster bad --service-name page --task-definition "$good" --desired-count 1 --launch-type FARGATE --deployment-controller type=CODE_DEPLOY \
  --network-configuration "awsvpcConfiguration={subnets=[$subnet]}" --load-balancers "targetGroupArn=$one,containerName=web,containerPort=80" >/dev/null
steady bad page
aws deploy create-application --application-name page --compute-platform ECS >/dev/null
group_input() { cat <<JSON
{"applicationName": "page", "deploymentGroupName": "$1", "serviceRoleArn": "$deploy_role", "ecsServices": [{"clusterName": "bad", "serviceName": "page"}],
 "deploymentStyle": {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
 "blueGreenDeploymentConfiguration": {"deploymentReadyOption": {"actionOnTimeout": "CONTINUE_DEPLOYMENT"}, "terminateBlueInstancesOnDeploymentSuccess": {"action": "TERMINATE", "terminationWaitTimeInMinutes": 1}},
 "autoRollbackConfiguration": {"enabled": true, "events": ["DEPLOYMENT_FAILURE"]},
 "loadBalancerInfo": {"targetGroupPairInfoList": [{"targetGroups": [{"name": "bad-1"}, {"name": "bad-2"}], "prodTrafficRoute": {"listenerArns": ["$prod"]}}]}}
JSON
}
group_input page >group.json
aws deploy create-deployment-group --cli-input-json file://group.json >/dev/null
long=$(printf 'g%.0s' $(seq 100))
group_input "$long" >long.json
refused "a second group on one service" ECSServiceMappingLimitExceededException aws deploy create-deployment-group --cli-input-json file://long.json
refused "a name one letter too long" InvalidApplicationNameException aws deploy create-application --application-name "${long}g" --compute-platform ECS
expect "a full-length name" "$long" bash -c "aws deploy create-application --application-name $long --compute-platform ECS >/dev/null && aws deploy get-application --application-name $long --query application.applicationName --output text"
deploy() { # TASK DEFINITION [CONTAINER]
  content=$(printf 'version: 0.0\nResources:\n  - TargetService:\n      Type: AWS::ECS::Service\n      Properties:\n        TaskDefinition: "%s"\n        LoadBalancerInfo:\n          ContainerName: %s\n          ContainerPort: 80\n' "$1" "${2:-web}" | python3 -c 'import json,sys; print(json.dumps(sys.stdin.read()))')
  printf '{"applicationName": "page", "deploymentGroupName": "page", "revision": {"revisionType": "AppSpecContent", "appSpecContent": {"content": %s}}}' "$content" >deployment.json
  aws deploy create-deployment --cli-input-json file://deployment.json --query deploymentId --output text
}
deployment_status() { aws deploy get-deployment --deployment-id "$1" --query deploymentInfo.status --output text; }
printf '{"applicationName": "page", "deploymentGroupName": "page", "revision": {"revisionType": "AppSpecContent", "appSpecContent": {"content": "version: 0.0\\nResources: []\\n"}}}' >empty.json
refused "an AppSpec without a resource" InvalidRevisionException aws deploy create-deployment --cli-input-json file://empty.json
wrong=$(deploy "$good" nobody)
eventually "an AppSpec that names no container of the task definition fails the deployment" 60 Failed deployment_status "$wrong"
expect_in "in ECS's words" "The container nobody does not exist in the task definition." aws deploy get-deployment --deployment-id "$wrong" --query deploymentInfo.errorInformation.message --output text
never=$(deploy "$deaf")
refused "two deployments on one group" "The Deployment Group 'page' already has an active Deployment '$never'" deploy "$good"
eventually "a replacement that never gets healthy fails after an hour (a minute here)" 150 Failed deployment_status "$never"
expect "for this reason" "The deployment timed out while waiting for the replacement task set to become healthy. This time out period is 60 minutes." \
  aws deploy get-deployment --deployment-id "$never" --query deploymentInfo.errorInformation.message --output text
expect "production shows the good page" good page "http://$dns"
running() { aws ecs describe-services --cluster bad --services page --query 'services[0].runningCount' --output text; }
eventually "and only its task is left" 60 1 running

say "a port somebody else has"
python3 -m http.server 18099 --bind 127.0.0.1 >/dev/null 2>&1 &
other=$!
trap 'kill $other 2>/dev/null || true' EXIT
eventually "the port is taken" 10 200 code http://127.0.0.1:18099/
aws elbv2 create-listener --load-balancer-arn "$balancer" --protocol HTTP --port 18099 --default-actions "Type=forward,TargetGroupArn=$one" >/dev/null
expect_in "status says what became of the listener" 18099 "$VIRIDIAN_HOME/viridian" status --data "$VIRIDIAN_DATA"
say "bad input is refused as AWS refuses it"
