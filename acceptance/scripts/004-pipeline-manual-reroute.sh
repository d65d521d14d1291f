#!/usr/bin/env bash
# Walkthrough 004: CodeCommit -> CodeBuild -> plain CodeDeploy action on an ECS service (EC2, bridge, dynamic ports), rerouted by hand.
# Console clicks are replaced by the equal CLI calls. 'mvn clean package' stands in as a script of the repository: the page is its product.
. "$VIRIDIAN_HOME/acceptance/scripts/lib.sh"
account=$(aws sts get-caller-identity --query Account --output text)
region=$AWS_DEFAULT_REGION
role() { aws iam create-role --role-name "$1" --assume-role-policy-document "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"$2\"},\"Action\":\"sts:AssumeRole\"}]}" --query Role.Arn --output text; }

say "preparation: repository cicd-demo with branch bluegreen"
aws codecommit create-repository --repository-name cicd-demo >/dev/null
git clone -q "codecommit::$region://cicd-demo" cicd-demo 2>/dev/null
cd cicd-demo
git checkout -q -b master
mkdir -p src/main/resources/messages
echo 'welcome=Welcome(Version 2)' >src/main/resources/messages/messages.properties
cat >mvn <<'SH'
#!/bin/sh
# stands in for Maven: packages the page
mkdir -p target && cut -d= -f2 src/main/resources/messages/messages.properties >target/index.html
SH
chmod +x mvn
printf 'FROM public.ecr.aws/nginx/nginx:alpine\nCOPY target/index.html /usr/share/nginx/html/index.html\n' >Dockerfile
git add . && git commit -q -m "Version 2" && git push -q origin master
expect "the first branch pushed is the default" master aws codecommit get-repository --repository-name cicd-demo --query repositoryMetadata.defaultBranch --output text
aws codecommit create-branch --repository-name cicd-demo --branch-name bluegreen --commit-id "$(git rev-parse HEAD)"
git fetch -q && git checkout -q bluegreen
cat >appspec.yaml <<'YAML'
version: 0.0 
Resources: 
  - TargetService: 
      Type: AWS::ECS::Service 
      Properties: 
        TaskDefinition: "arn:aws:ecs:AWS_DEFAULT_REGION:AWS_ACCOUNT_ID:task-definition/TASK_NAME" 
        LoadBalancerInfo: 
          ContainerName: "CONTAINER_NAME" 
          ContainerPort: CONTAINER_PORT 
YAML
cat >buildspec.yaml <<'YAML'
version: 0.2  
  
phases:  
  install:  
    runtime-versions:  
      java: openjdk8  
      docker: 18  
  pre_build:  
    commands:  
      - echo Logging in to Amazon ECR...  
      - $(aws ecr get-login --no-include-email --region $AWS_DEFAULT_REGION)  
      - PATH=$PATH:.
  build:  
    commands:  
      - echo Build started on `date`  
      - echo Building the Docker image...     
      - mvn clean package         
      - docker build -t $IMAGE_REPO_NAME:$IMAGE_TAG .  
      - docker tag $IMAGE_REPO_NAME:$IMAGE_TAG $AWS_ACCOUNT_ID.dkr.ecr.$AWS_DEFAULT_REGION.amazonaws.com/$IMAGE_REPO_NAME:$IMAGE_TAG  
  post_build:  
    commands:  
      - echo Build completed on `date`  
      - echo Pushing the Docker image...  
      - docker push $AWS_ACCOUNT_ID.dkr.ecr.$AWS_DEFAULT_REGION.amazonaws.com/$IMAGE_REPO_NAME:$IMAGE_TAG  
      - sed -i s/AWS_DEFAULT_REGION/$AWS_DEFAULT_REGION/ appspec.yaml 
      - sed -i s/AWS_ACCOUNT_ID/$AWS_ACCOUNT_ID/ appspec.yaml 
      - sed -i s/TASK_NAME/$TASK_NAME/ appspec.yaml 
      - sed -i s/CONTAINER_NAME/$CONTAINER_NAME/ appspec.yaml 
      - sed -i s/CONTAINER_PORT/$CONTAINER_PORT/ appspec.yaml 
artifacts:  
  files:   
    - appspec.yaml 
cache:  
  paths:  
    - '/root/.m2/**/*' 
YAML
git add . && git commit -q -m "Blue/green" && git push -q origin bluegreen
cd ..

say "the ECS side: image, cluster, task definition (bridge, dynamic port), load balancer, service"
uri=$(aws ecr create-repository --repository-name cicd-demo --query repository.repositoryUri --output text)
aws ecr get-login-password | docker login --username AWS --password-stdin "$uri" >/dev/null 2>&1
push_page_image "$uri" latest "Welcome(Version 2)"
execution_role=$(role ecsTaskExecutionRole ecs-tasks.amazonaws.com)
aws logs create-log-group --log-group-name /ecs/cicd-demo
cat >taskdef.json <<JSON
{"family": "cicd-demo", "networkMode": "bridge", "requiresCompatibilities": ["EC2"], "cpu": "512", "memory": "1024", "executionRoleArn": "$execution_role",
 "containerDefinitions": [{"name": "cicd-demo", "image": "$uri:latest", "essential": true, "portMappings": [{"hostPort": 0, "protocol": "tcp", "containerPort": 80}],
  "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/cicd-demo", "awslogs-region": "$region", "awslogs-stream-prefix": "ecs"}}}]}
JSON
aws ecs register-task-definition --cli-input-json file://taskdef.json >/dev/null
vpc=$(aws ec2 describe-vpcs --filters Name=isDefault,Values=true --query 'Vpcs[0].VpcId' --output text)
subnets=$(aws ec2 describe-subnets --filters "Name=vpc-id,Values=$vpc" --query 'Subnets[0:2].SubnetId' --output text)
balancer=$(aws elbv2 create-load-balancer --name cicd-demo --subnets $subnets --query 'LoadBalancers[0].LoadBalancerArn' --output text)
dns=$(aws elbv2 describe-load-balancers --names cicd-demo --query 'LoadBalancers[0].DNSName' --output text)
health=(--health-check-interval-seconds 10 --healthy-threshold-count 2 --target-type instance --protocol HTTP --port 80 --vpc-id "$vpc")
one=$(aws elbv2 create-target-group --name ecs-cicd-demo-1 "${health[@]}" --query 'TargetGroups[0].TargetGroupArn' --output text)
two=$(aws elbv2 create-target-group --name ecs-cicd-demo-2 "${health[@]}" --query 'TargetGroups[0].TargetGroupArn' --output text)
prod=$(aws elbv2 create-listener --load-balancer-arn "$balancer" --protocol HTTP --port 80 --default-actions "Type=forward,TargetGroupArn=$one" --query 'Listeners[0].ListenerArn' --output text)
test=$(aws elbv2 create-listener --load-balancer-arn "$balancer" --protocol HTTP --port 8080 --default-actions "Type=forward,TargetGroupArn=$one" --query 'Listeners[0].ListenerArn' --output text)
aws ecs create-cluster --cluster-name cicd-demo >/dev/null
aws ecs create-service --cluster cicd-demo --service-name cicd-demo --task-definition cicd-demo --desired-count 1 --launch-type EC2 --scheduling-strategy REPLICA \
  --deployment-controller type=CODE_DEPLOY --health-check-grace-period-seconds 60 --load-balancers "targetGroupArn=$one,containerName=cicd-demo,containerPort=80" >/dev/null
steady cicd-demo cicd-demo
eventually "production shows version 2" 30 "Welcome(Version 2)" page "http://$dns"

say "deployment group: reroute by hand within an hour"
deploy_role=$(role ecsCodeDeployRole codedeploy.amazonaws.com)
aws deploy create-application --application-name AppECS-cicd-demo-cicd-demo --compute-platform ECS >/dev/null
aws deploy create-deployment-group --application-name AppECS-cicd-demo-cicd-demo --deployment-group-name DgpECS-cicd-demo-cicd-demo --service-role-arn "$deploy_role" \
  --deployment-config-name CodeDeployDefault.ECSAllAtOnce --ecs-services serviceName=cicd-demo,clusterName=cicd-demo \
  --deployment-style deploymentType=BLUE_GREEN,deploymentOption=WITH_TRAFFIC_CONTROL \
  --blue-green-deployment-configuration 'terminateBlueInstancesOnDeploymentSuccess={action=TERMINATE,terminationWaitTimeInMinutes=60},deploymentReadyOption={actionOnTimeout=STOP_DEPLOYMENT,waitTimeInMinutes=60}' \
  --load-balancer-info "targetGroupPairInfoList=[{targetGroups=[{name=ecs-cicd-demo-1},{name=ecs-cicd-demo-2}],prodTrafficRoute={listenerArns=[$prod]},testTrafficRoute={listenerArns=[$test]}}]" >/dev/null

say "the build project and its environment variables"
build_role=$(role codebuild-cicd-demo-role codebuild.amazonaws.com)
variables="name=AWS_ACCOUNT_ID,value=$account name=IMAGE_REPO_NAME,value=cicd-demo name=IMAGE_TAG,value=latest name=TASK_NAME,value=cicd-demo name=CONTAINER_NAME,value=cicd-demo name=CONTAINER_PORT,value=80"
cat >project.json <<JSON
{"name": "cicd-demo", "serviceRole": "$build_role", "source": {"type": "CODECOMMIT", "location": "https://git-codecommit.$region.amazonaws.com/v1/repos/cicd-demo", "buildspec": "buildspec.yaml"},
 "artifacts": {"type": "NO_ARTIFACTS"},
 "environment": {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:4.0", "computeType": "BUILD_GENERAL1_SMALL", "privilegedMode": true, "environmentVariables": [
  $(for v in $variables; do n=${v#name=}; n=${n%%,*}; w=${v##*value=}; printf '{"name": "%s", "value": "%s"},' "$n" "$w"; done | sed 's/,$//')]}}
JSON
aws codebuild create-project --cli-input-json file://project.json >/dev/null

say "the pipeline; creating it starts it"
aws s3 mb "s3://codepipeline-$region-$account" >/dev/null
pipeline_role=$(role codepipeline-cicd-demo-role codepipeline.amazonaws.com)
cat >pipeline.json <<JSON
{"pipeline": {"name": "cicd-demo-bluegreen", "roleArn": "$pipeline_role", "artifactStore": {"type": "S3", "location": "codepipeline-$region-$account"}, "stages": [
  {"name": "Source", "actions": [{"name": "Source", "actionTypeId": {"category": "Source", "owner": "AWS", "provider": "CodeCommit", "version": "1"},
    "configuration": {"RepositoryName": "cicd-demo", "BranchName": "bluegreen"}, "outputArtifacts": [{"name": "SourceArtifact"}]}]},
  {"name": "Build", "actions": [{"name": "Build", "actionTypeId": {"category": "Build", "owner": "AWS", "provider": "CodeBuild", "version": "1"},
    "configuration": {"ProjectName": "cicd-demo"}, "inputArtifacts": [{"name": "SourceArtifact"}], "outputArtifacts": [{"name": "BuildArtifact"}]}]},
  {"name": "Deploy", "actions": [{"name": "Deploy", "actionTypeId": {"category": "Deploy", "owner": "AWS", "provider": "CodeDeploy", "version": "1"},
    "configuration": {"ApplicationName": "AppECS-cicd-demo-cicd-demo", "DeploymentGroupName": "DgpECS-cicd-demo-cicd-demo"}, "inputArtifacts": [{"name": "BuildArtifact"}]}]}]}}
JSON
aws codepipeline create-pipeline --cli-input-json file://pipeline.json >/dev/null
state() { aws codepipeline get-pipeline-state --name cicd-demo-bluegreen --query "stageStates[?stageName=='$1'].actionStates[0].latestExecution.$2 | [0]" --output text; }
eventually "the first execution reaches Deploy" 120 InProgress state Deploy status
id=$(state Deploy externalExecutionId)
eventually "its deployment waits to be rerouted" 60 Ready aws deploy get-deployment --deployment-id "$id" --query deploymentInfo.status --output text
aws deploy stop-deployment --deployment-id "$id" --auto-rollback-enabled >/dev/null
eventually "stopped by hand, for it changes nothing" 60 Stopped aws deploy get-deployment --deployment-id "$id" --query deploymentInfo.status --output text
eventually "the pipeline says so" 30 Failed state Deploy status
rollback() { aws deploy get-deployment --deployment-id "$id" --query deploymentInfo.rollbackInfo.rollbackDeploymentId --output text; }
eventually "its rollback is over" 60 Succeeded bash -c "aws deploy get-deployment --deployment-id $(rollback) --query deploymentInfo.status --output text"

say "a change of the source starts the pipeline by itself"
cd cicd-demo
sed -i 's/Version 2/Version 3/' src/main/resources/messages/messages.properties
git commit -q -a -m "Welcome(Version 3)" && git push -q origin bluegreen
cd ..
commit() { aws codepipeline get-pipeline-state --name cicd-demo-bluegreen --query "stageStates[0].actionStates[0].currentRevision.revisionId" --output text; }
eventually "the new commit is picked up" 30 "$(git -C cicd-demo rev-parse HEAD)" commit
eventually "it reaches Deploy" 120 InProgress state Deploy status
id=$(state Deploy externalExecutionId)
eventually "the replacement is deployed and waits" 60 Ready aws deploy get-deployment --deployment-id "$id" --query deploymentInfo.status --output text
expect "production still shows version 2" "Welcome(Version 2)" page "http://$dns"
expect "the test port shows version 3" "Welcome(Version 3)" page "http://$dns:8080"
refused "ending the termination wait before it began" "An error occurred" aws deploy continue-deployment --deployment-id "$id" --deployment-wait-type TERMINATION_WAIT

say "'Reroute traffic'"
aws deploy continue-deployment --deployment-id "$id" --deployment-wait-type READY_WAIT
eventually "production shows version 3" 30 "Welcome(Version 3)" page "http://$dns"
termination() { aws deploy get-deployment --deployment-id "$id" --query deploymentInfo.instanceTerminationWaitTimeStarted --output text; }
eventually "the original task set waits for its end" 30 True termination
expect "both task sets run" 2 aws ecs describe-services --cluster cicd-demo --services cicd-demo --query 'length(services[0].taskSets)' --output text

say "'Terminate original task set'"
aws deploy continue-deployment --deployment-id "$id" --deployment-wait-type TERMINATION_WAIT
eventually "the deployment succeeds" 60 Succeeded aws deploy get-deployment --deployment-id "$id" --query deploymentInfo.status --output text
eventually "the pipeline's Deploy action succeeds" 30 Succeeded state Deploy status
eventually "only the new task runs" 60 1 aws ecs describe-services --cluster cicd-demo --services cicd-demo --query 'services[0].runningCount' --output text
expect "the page is version 3 to the end" "Welcome(Version 3)" page "http://$dns"
say "walkthrough 004 holds"
