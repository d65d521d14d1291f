#!/usr/bin/env bash
# What a tester of Elastic Load Balancing v2 would check, item by item, through the real CLI and real sockets. At pace 60 a configured minute is a second.
. "$VIRIDIAN_HOME/acceptance/scripts/lib.sh"
elb() { aws elbv2 "$@" --output text; }
region=$AWS_DEFAULT_REGION
account=$(aws sts get-caller-identity --query Account --output text)
vpc=$(aws ec2 describe-vpcs --filters Name=isDefault,Values=true --query 'Vpcs[0].VpcId' --output text)
read -r subnet other <<<"$(aws ec2 describe-subnets --filters "Name=vpc-id,Values=$vpc" --query 'Subnets[0:2].SubnetId' --output text)"

# A target says its name at /, what it received at /head, answers /status/N, takes its time at /slow/SECONDS or until there is a file at /wait/FILE, closes at /close, changes protocol at /ws,
# and answers /health as the file NAME.health says. Every request is a line in NAME.log.
cat >target.py <<'PYTHON'
import os, socketserver, sys, time
name = sys.argv[1]
class Target(socketserver.StreamRequestHandler):
    def answer(self, status, body):
        self.wfile.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
    def handle(self):
        while True:
            head = []
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                head.append(line.decode("latin-1").rstrip())
            if not head:
                return
            path = head[0].split(" ")[1]
            with open(f"{name}.log", "a") as log:
                log.write(path + "\n")
            word, _, rest = path[1:].partition("/")
            if word == "health":
                health = open(f"{name}.health").read().strip()
                time.sleep(3 if health == "slow" else 0)
                self.answer(200 if health == "slow" else health, "")
            elif word == "head":
                self.answer(200, "\n".join(head))
            elif word == "status":
                self.answer(rest, name)
            elif word == "slow":
                time.sleep(float(rest))
                self.answer(200, name)
            elif word == "wait":
                while not os.path.exists(rest):
                    time.sleep(0.05)
                self.answer(200, name)
            elif word == "close":
                return
            elif word == "ws":
                self.wfile.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
                while data := self.request.recv(100):
                    self.wfile.write(data)
                return
            else:
                self.answer(200, name)
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 512
server = Server(("127.0.0.1", 0), Target)
print(server.server_address[1], flush=True)
server.serve_forever()
PYTHON
running=()
trap 'kill "${running[@]}" 2>/dev/null || true' EXIT
start_target() { # NAME: starts it and sets its port in a variable of that name
  echo 200 >"$1.health"
  : >"$1.log"
  python3 target.py "$1" >"$1.port" 2>"$1.errors" &
  running+=($!)
  while [ ! -s "$1.port" ]; do sleep 0.05; done
  printf -v "$1" %s "$(cat "$1.port")"
}
start_target blue; start_target green; start_target sick
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
group() { # NAME OPTIONS...
  local name=$1; shift
  elb create-target-group "--name=$name" --protocol HTTP --port 80 --vpc-id "$vpc" --target-type ip --health-check-path /health "$@" --query 'TargetGroups[0].TargetGroupArn'
}
listener() { elb create-listener --load-balancer-arn "$web" --protocol HTTP --port "$1" --default-actions "$2" --query 'Listeners[0].ListenerArn'; } # PORT ACTION
register() { aws elbv2 register-targets --target-group-arn "$1" --targets "Id=127.0.0.1,Port=$2"; }
health() { elb describe-target-health --target-group-arn "$1" --query "TargetHealthDescriptions[0].TargetHealth.$2"; }
forward() { printf 'Type=forward,ForwardConfig={TargetGroups=[{TargetGroupArn=%s,Weight=%s},{TargetGroupArn=%s,Weight=%s}]}' "$blues" "$1" "$greens" "$2"; }
attribute() { aws elbv2 modify-load-balancer-attributes --load-balancer-arn "$web" --attributes "Key=$1,Value=$2" >/dev/null; }

say "1 load balancers"
refused "one zone" "At least two subnets in two different Availability Zones must be specified" aws elbv2 create-load-balancer --name web --subnets "$subnet"
web=$(elb create-load-balancer --name web --subnets "$subnet" "$other" --query 'LoadBalancers[0].LoadBalancerArn')
expect "the same again is the same" "$web" elb create-load-balancer --name web --subnets "$subnet" "$other" --query 'LoadBalancers[0].LoadBalancerArn'
refused "other settings under the same name" DuplicateLoadBalancerName aws elbv2 create-load-balancer --name web --scheme internal --subnets "$subnet" "$other"

say "4, 5, 6 target groups"
refused "a name of 33 letters" ValidationError group "$(printf 'g%.0s' $(seq 33))"
refused "a name that begins with a hyphen" ValidationError group "-group"
refused "a timeout longer than the interval" ValidationError group g --health-check-interval-seconds 5 --health-check-timeout-seconds 10
refused "a VPC nobody has" "The VPC ID 'vpc-12345678' is not found" elb create-target-group --name g --protocol HTTP --port 80 --target-type ip --vpc-id vpc-12345678
defaults=$(elb create-target-group --name defaults --protocol HTTP --port 80 --target-type ip --vpc-id "$vpc" --query 'TargetGroups[0].TargetGroupArn')
expect "health checks unless said otherwise" "30 5 5 2 200" bash -c "aws elbv2 describe-target-groups --target-group-arns $defaults --output text \
  --query 'TargetGroups[0].[HealthCheckIntervalSeconds,HealthCheckTimeoutSeconds,HealthyThresholdCount,UnhealthyThresholdCount,Matcher.HttpCode]' | tr '\t' ' '"
expect "codes that count as healthy" 200,301-302 elb modify-target-group --target-group-arn "$defaults" --matcher 'HttpCode="200,301-302"' --query 'TargetGroups[0].Matcher.HttpCode'
refused "a code that cannot be" "got '600'" elb modify-target-group --target-group-arn "$defaults" --matcher HttpCode=600

say "2, 3 listeners"
fast=(--health-check-interval-seconds 5 --health-check-timeout-seconds 2 --healthy-threshold-count 2 --unhealthy-threshold-count 2)
blues=$(group blue "${fast[@]}"); greens=$(group green "${fast[@]}")
register "$blues" "$blue"; register "$greens" "$green"
port=$(free_port); test_port=$(free_port)
expect "a group nobody uses" Target.NotInUse health "$blues" Reason
production=$(listener "$port" "$(forward 100 0)")
expect "the same listener again" "$production" listener "$port" "$(forward 100 0)"
refused "a second listener on its port" DuplicateListener listener "$port" "$(forward 0 100)"
testing=$(listener "$test_port" "$(forward 0 100)")
refused "HTTPS without a certificate" "A certificate must be specified for HTTPS listeners" aws elbv2 create-listener --load-balancer-arn "$web" --protocol HTTPS --port 443 --default-actions "$(forward 1 0)"
refused "TCP" "ValidationError" aws elbv2 create-listener --load-balancer-arn "$web" --protocol TCP --port 444 --default-actions "$(forward 1 0)"
url=http://127.0.0.1:$port

say "8 health"
eventually "blue" 60 healthy health "$blues" State
eventually "green" 60 healthy health "$greens" State
expect "healthy has no reason" None health "$blues" Reason
sicks=$(group sick "${fast[@]}"); register "$sicks" "$sick"
sick_port=$(free_port)
sick_listener=$(listener "$sick_port" "Type=forward,TargetGroupArn=$sicks")
eventually "sick, so far" 60 healthy health "$sicks" State
echo 500 >sick.health
eventually "a wrong code" 60 Target.ResponseCodeMismatch health "$sicks" Reason
expect "named" "Health checks failed with these codes: [500]" health "$sicks" Description
echo slow >sick.health
eventually "no answer in time" 60 Target.Timeout health "$sicks" Reason
kill "${running[2]}"
eventually "nobody there" 60 Target.FailedHealthChecks health "$sicks" Reason

say "9 a group no listener uses is not asked"
aws elbv2 delete-listener --listener-arn "$sick_listener"
start_target idle
idles=$(group idle "${fast[@]}"); register "$idles" "$idle"
eventually "unused" 60 unused health "$idles" State
eventually "some other targets have been asked meanwhile" 60 more bash -c "n=\$(wc -l <blue.log); sleep 1; [ \$(wc -l <blue.log) -gt \$n ] && echo more"
expect "and it has not" 0 bash -c 'wc -l <idle.log'

say "7 deleting target groups"
refused "one in use" ResourceInUse aws elbv2 delete-target-group --target-group-arn "$blues"
expect "one whose listener is gone" "" aws elbv2 delete-target-group --target-group-arn "$sicks"
expect "one that is gone" "" aws elbv2 delete-target-group --target-group-arn "$sicks"

say "10, 11 answers of the load balancer itself"
empties=$(group empty); empty_port=$(free_port)
empty_listener=$(listener "$empty_port" "Type=forward,TargetGroupArn=$empties")
expect "an empty group" "503 162" curl -s -o /dev/null -w '%{http_code} %{size_download}' "http://127.0.0.1:$empty_port/"
expect_in "says who answers" "awselb/2.0" curl -si "http://127.0.0.1:$empty_port/"
expect "a target that closes" 502 code "$url/close"
attribute idle_timeout.timeout_seconds 1
expect "a target that says nothing" 504 code "$url/slow/4"
attribute idle_timeout.timeout_seconds 60

say "20 access logs"
aws s3api create-bucket --bucket "logs-$account" >/dev/null
refused "a bucket that lets nobody write" "Access Denied for bucket" aws elbv2 modify-load-balancer-attributes --load-balancer-arn "$web" \
  --attributes Key=access_logs.s3.enabled,Value=true "Key=access_logs.s3.bucket,Value=logs-$account"
aws s3api put-bucket-policy --bucket "logs-$account" --policy "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:PutObject\",
  \"Principal\": {\"Service\": \"logdelivery.elasticloadbalancing.amazonaws.com\"}, \"Resource\": \"arn:aws:s3:::logs-$account/AWSLogs/$account/*\"}]}"
aws elbv2 modify-load-balancer-attributes --load-balancer-arn "$web" --attributes Key=access_logs.s3.enabled,Value=true "Key=access_logs.s3.bucket,Value=logs-$account" >/dev/null
expect "the test object" "AWSLogs/$account/ELBAccessLogTestFile" aws s3api list-objects-v2 --bucket "logs-$account" --query 'Contents[0].Key' --output text
expect "logged: a good one" blue page "$url/good"
expect "logged: one without a target" 503 code "http://127.0.0.1:$empty_port/logged"
curl -s -m 0.5 "$url/slow/3" >/dev/null || true # the client leaves: 460
sleep 1
attribute access_logs.s3.enabled false
lines() { # of all logs delivered
  aws s3 cp --recursive --quiet --exclude '*TestFile' "s3://logs-$account" delivered && find delivered -name '*.gz' -exec zcat {} +
}
field() { lines | python3 -c 'import shlex, sys; [print(shlex.split(line)[int(sys.argv[2])]) for line in sys.stdin if sys.argv[1] in line]' "$1" "$2"; } # WHICH LINE, FIELD
eventually "the log arrives" 60 200 field /good 8
expect "under AWS's name" yes bash -c "find delivered/AWSLogs/$account/elasticloadbalancing/$region -name '${account}_elasticloadbalancing_${region}_app.web.*.log.gz' | grep -q . && echo yes"
expect "it names the target" "127.0.0.1:$blue" field /good 4
expect "an error has no target status" - field /logged 9
expect "but the load balancer's" 503 field /logged 8
expect "a client that left" 460 field /slow/3 8

say "12 weights"
cat >count.py <<'PYTHON'
import http.client, sys, threading, collections
port, requests = int(sys.argv[1]), int(sys.argv[2])
answers, lock = collections.Counter(), threading.Lock()
def client(n):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    mine = collections.Counter()
    for _ in range(n):
        connection.request("GET", "/")
        answer = connection.getresponse()
        mine[answer.read().decode() if answer.status == 200 else str(answer.status)] += 1
    with lock:
        answers.update(mine)
threads = [threading.Thread(target=client, args=(requests // 4,)) for _ in range(4)]
[t.start() for t in threads]; [t.join() for t in threads]
print(" ".join(f"{k}={v}" for k, v in sorted(answers.items())))
PYTHON
tenth() { python3 count.py "$port" 10000 | tr ' =' '\n ' | awk '{n[$1] = $2; all += $2} END {print all, (n["green"] >= 900 && n["green"] <= 1100 ? "well" : n["green"])}'; }
served() { tr ' =' '\n ' <under-load.txt | awk '{all += $2; names = names " " $1} END {print all names}'; }
weigh() { aws elbv2 modify-listener --listener-arn "$production" --default-actions "$(forward "$1" "$2")" >/dev/null; }
weigh 90 10
expect "10,000 requests divided 90 to 10, to one in a hundred" "10000 well" tenth
python3 count.py "$port" 8000 >under-load.txt & load=$!
for share in 80 50 20 50 80; do weigh "$share" $((100 - share)); done
wait "$load"
expect "nothing is lost while weights change" "8000 blue green" served
weigh 100 0
expect "weight 0 gets nothing" "blue=100" python3 count.py "$port" 100

say "13 stickiness"
aws elbv2 modify-listener --listener-arn "$production" --default-actions "$(forward 0 100 | sed 's/}$/,TargetGroupStickinessConfig={Enabled=true,DurationSeconds=3600}}/')" >/dev/null
expect "a first visit" green curl -s -c cookies "$url/"
expect_in "gets a cookie" AWSALBTG cat cookies
aws elbv2 modify-listener --listener-arn "$production" --default-actions "$(forward 100 0 | sed 's/}$/,TargetGroupStickinessConfig={Enabled=true,DurationSeconds=3600}}/')" >/dev/null
expect "and stays although the weights change" green curl -s -b cookies "$url/"
expect "others do not" blue page "$url/"

say "14 forwarding headers"
expect_in "the address is appended" "X-Forwarded-For: 10.1.2.3, 127.0.0.1" page -H 'X-Forwarded-For: 10.1.2.3' "$url/head"
expect_in "the port is the listener's" "X-Forwarded-Port: $test_port" page "http://127.0.0.1:$test_port/head"
expect_in "the port is made explicit" "Host: shop.example:$test_port" page -H 'Host: shop.example' "http://127.0.0.1:$test_port/head"
attribute routing.http.xff_header_processing.mode preserve
expect "preserved" "X-Forwarded-For: 10.1.2.3" bash -c "curl -s -H 'X-Forwarded-For: 10.1.2.3' $url/head | grep -i x-forwarded-for"
attribute routing.http.xff_header_processing.mode remove
expect "removed" "" bash -c "curl -s -H 'X-Forwarded-For: 10.1.2.3' $url/head | grep -i x-forwarded-for"
attribute routing.http.xff_header_processing.mode append

say "15, 16 rules"
say_text() { printf 'Type=fixed-response,FixedResponseConfig={StatusCode=%s,ContentType=text/plain,MessageBody=%s}' "$1" "$2"; }
rule() { elb create-rule --listener-arn "$production" --priority "$1" --conditions "$2" --actions "$3" --query 'Rules[0].RuleArn'; }
rule 20 "Field=path-pattern,Values=/api/*" "$(say_text 200 low)" >/dev/null
rule 10 "Field=path-pattern,Values=/api/v2/*" "$(say_text 418 high)" >/dev/null
rule 30 "Field=host-header,Values=*.shop.example" "$(say_text 200 host)" >/dev/null
rule 40 "Field=path-pattern,Values=/old/*" "Type=redirect,RedirectConfig={Protocol=HTTPS,Port=443,StatusCode=HTTP_301}" >/dev/null
refused "a priority twice" PriorityInUse rule 10 "Field=path-pattern,Values=/x" "$(say_text 200 x)"
expect "the smaller number first" "high 418" curl -s -w ' %{http_code}' "$url/api/v2/x"
expect "then the next" low page "$url/api/x"
expect "paths have their case" blue page "$url/API/x"
expect "hosts have wildcards and no case" host page -H 'Host: A.SHOP.example' "$url/"
expect "a redirect to HTTPS" "301 https://shop.example:443/old/x?y=1" curl -s -o /dev/null -w '%{http_code} %{redirect_url}' -H 'Host: shop.example' "$url/old/x?y=1"
expect_in "a fixed response has its type" "text/plain" curl -si "$url/api/x"

say "17 WebSocket"
cat >ws.py <<'PYTHON'
import socket, sys, time
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 10)
s.sendall(b"GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
head = b""
while b"\r\n\r\n" not in head:
    head += s.recv(1)
print(head.split(b" ")[1].decode(), flush=True)
for line in sys.stdin:
    s.sendall(line.strip().encode())
    print(s.recv(100).decode(), flush=True)
PYTHON
coproc SOCKET { python3 ws.py "$port"; }
read -r -t 10 first <&"${SOCKET[0]}"
expect "the protocol changes" 101 echo "$first"
weigh 0 100
echo "still there" >&"${SOCKET[1]}"; read -r -t 10 echoed <&"${SOCKET[0]}"
expect "the connection stays while weights move" "still there" echo "$echoed"
kill "$SOCKET_PID" 2>/dev/null || true

say "18 protocol versions"
twos=$(group twos --protocol-version HTTP2); register "$twos" "$green"
refused "a group that speaks HTTP/2 behind an HTTP listener" "Listener protocol 'HTTP' is not supported" listener "$(free_port)" "Type=forward,TargetGroupArn=$twos"
certificate=$(aws acm request-certificate --domain-name tester.localhost --query CertificateArn --output text)
eventually "a certificate" 60 ISSUED aws acm describe-certificate --certificate-arn "$certificate" --query Certificate.Status --output text
two_port=$(free_port)
elb create-listener --load-balancer-arn "$web" --protocol HTTPS --port "$two_port" --certificates "CertificateArn=$certificate" \
  --default-actions "Type=forward,TargetGroupArn=$twos" >/dev/null
expect "a request in HTTP/1.1 for it" 464 code -k --http1.1 "https://127.0.0.1:$two_port/"

say "19 draining"
delay() { aws elbv2 modify-target-group-attributes --target-group-arn "$greens" --attributes "Key=deregistration_delay.timeout_seconds,Value=$1" >/dev/null; }
delay 3600
curl -s -m 60 "$url/wait/done" >slow.txt & slow=$!
eventually "a request is under way" 60 1 grep -c wait/done green.log
aws elbv2 deregister-targets --target-group-arn "$greens" --targets "Id=127.0.0.1,Port=$green"
expect "its target drains" draining health "$greens" State
touch done
wait "$slow"
expect "it completes" green cat slow.txt
register "$greens" "$green"
eventually "back again" 60 healthy health "$greens" State
delay 5
code -m 60 "$url/wait/never" >cut.txt & slow=$!
eventually "another" 60 1 grep -c wait/never green.log
aws elbv2 deregister-targets --target-group-arn "$greens" --targets "Id=127.0.0.1,Port=$green"
wait "$slow"
expect "is cut when the delay is over" 502 cat cut.txt
weigh 100 0

say "21 metrics"
metric() { # NAME DIMENSIONS: the sum of what was reported by now
  aws cloudwatch get-metric-statistics --namespace AWS/ApplicationELB --metric-name "$1" --dimensions ${2} --statistics Sum --period 60 \
    --start-time "$(date -u -d '-10 minutes' +%FT%TZ)" --end-time "$(date -u -d '+1 minute' +%FT%TZ)" --query 'sum(Datapoints[].Sum)' --output text
}
of_balancer="Name=LoadBalancer,Value=${web#*:loadbalancer/}"
of_group="Name=TargetGroup,Value=${blues##*:} $of_balancer"
for _ in 1 2 3 4 5; do code "$url/status/500" >/dev/null; done
eventually "five answers 500 of a target" 60 5.0 metric HTTPCode_Target_5XX_Count "$of_group"
expect "are none of the load balancer's" 0 metric HTTPCode_ELB_5XX_Count "$of_group"
code "http://127.0.0.1:$empty_port/" >/dev/null
eventually "the load balancer's own have its dimension" 60 yes bash -c "[ \"\$(aws cloudwatch list-metrics --namespace AWS/ApplicationELB --metric-name HTTPCode_ELB_503_Count --dimensions $of_balancer --query 'length(Metrics)' --output text)\" -gt 0 ] && echo yes"

say "22, 23, 24 how things are shown and protected"
attribute deletion_protection.enabled true
refused "a protected load balancer stays" OperationNotPermitted aws elbv2 delete-load-balancer --load-balancer-arn "$web"
attribute deletion_protection.enabled false
default_rule=$(elb describe-rules --listener-arn "$production" --query 'Rules[?IsDefault].RuleArn')
expect "the default rule" default elb describe-rules --rule-arns "$default_rule" --query 'Rules[0].Priority'
refused "stays" OperationNotPermitted aws elbv2 delete-rule --rule-arn "$default_rule"
shown() { aws elbv2 describe-listeners --listener-arns "$1" --query 'Listeners[0].DefaultActions[0].[TargetGroupArn != null, ForwardConfig != null]' --output text | tr '\t' ' '; }
expect "a forward to one group is shown both ways" "True True" shown "$empty_listener"
expect "a forward to two in one way" "False True" shown "$production"

say "25 limits"
expect "31 addresses in X-Forwarded-For" 463 code -H "X-Forwarded-For: $(seq -s, -f '10.0.0.%g' 31)" "$url/"
expect "30 addresses" 200 code -H "X-Forwarded-For: $(seq -s, -f '10.0.0.%g' 30)" "$url/"
expect "a header of 17 K" 400 code -H "X-Long: $(printf 'x%.0s' $(seq 17408))" "$url/"
expect "TRACE" 405 code -X TRACE "$url/"
say "the list is through"
