#!/usr/bin/env bash
# A real browser (Chromium, driven by Playwright) in front of an HTTPS listener: HTTP/2, redirects from port 80's listener, many requests at once,
# uploads, streaming and WebSocket, while the weights move.
. "$VIRIDIAN_HOME/acceptance/scripts/lib.sh"

say "what the browser needs"
cp "$VIRIDIAN_HOME/acceptance/scripts/browser.mjs" .
npm install --silent --no-audit --no-fund playwright-core@1.64.1 ws@8.18.0 >npm.log 2>&1 || { cat npm.log; fail "npm install"; }
echo ok

say "two web applications"
colour() { # NAME: starts one, prints its port
  node browser.mjs serve "$1" >"$1.port" 2>"$1.log" &
  echo $! >>pids
  for _ in $(seq 100); do [ -s "$1.port" ] && break; sleep 0.1; done
  cat "$1.port"
}
trap 'xargs -r kill <pids 2>/dev/null || true' EXIT
blue_port=$(colour blue)
green_port=$(colour green)

say "a load balancer with a certificate"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=shop.localhost -addext subjectAltName=DNS:shop.localhost,DNS:*.elb.localhost \
  -keyout key.pem -out cert.pem 2>/dev/null
certificate=$(aws acm import-certificate --certificate fileb://cert.pem --private-key fileb://key.pem --query CertificateArn --output text)
subnets=$(aws ec2 describe-subnets --query 'Subnets[0:2].SubnetId' --output text)
vpc=$(aws ec2 describe-vpcs --query 'Vpcs[0].VpcId' --output text)
lb=$(aws elbv2 create-load-balancer --name shop --subnets $subnets --query 'LoadBalancers[0].LoadBalancerArn' --output text)
group() {
  aws elbv2 create-target-group --name "$1" --protocol HTTP --port 80 --vpc-id "$vpc" --target-type ip --health-check-interval-seconds 5 \
    --health-check-timeout-seconds 2 --query 'TargetGroups[0].TargetGroupArn' --output text
}
blue=$(group blue)
green=$(group green)
aws elbv2 register-targets --target-group-arn "$blue" --targets Id=127.0.0.1,Port="$blue_port"
aws elbv2 register-targets --target-group-arn "$green" --targets Id=127.0.0.1,Port="$green_port"
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
http=$(free_port)
https=$(free_port)
weights() { printf '[{"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": "%s", "Weight": %s}, {"TargetGroupArn": "%s", "Weight": %s}]}}]' "$blue" "$1" "$green" "$2"; }
listener=$(aws elbv2 create-listener --load-balancer-arn "$lb" --protocol HTTPS --port "$https" --certificates CertificateArn="$certificate" \
  --default-actions "$(weights 50 50)" --query 'Listeners[0].ListenerArn' --output text)
aws elbv2 create-listener --load-balancer-arn "$lb" --protocol HTTP --port "$http" \
  --default-actions "Type=redirect,RedirectConfig={Protocol=HTTPS,Port=$https,StatusCode=HTTP_301}" >/dev/null
eventually "the page is served" 30 200 code --insecure "https://127.0.0.1:$https/"

say "the browser"
name=$(aws elbv2 describe-load-balancers --names shop --query 'LoadBalancers[0].DNSName' --output text)
node browser.mjs browse "http://$name:$http/" "$WORK" >browser.json &
browser=$!
while kill -0 $browser 2>/dev/null; do
  for share in 30 50 80; do aws elbv2 modify-listener --listener-arn "$listener" --default-actions "$(weights $((100 - share)) $share)" >/dev/null; done
done
wait $browser || { cat browser.json; fail "the browser saw something wrong"; }
seen() { python3 -c 'import json, sys; print(json.load(open("browser.json"))[sys.argv[1]])' "$1"; }
expect "it was redirected to HTTPS" "https://$name:$https/" seen address
expect "it spoke HTTP/2" h2 seen protocol
expect "every request of 300 was answered" 300 seen answered
expect "both colours answered" "blue green" seen colours
expect "uploads came back whole" 10 seen uploads
expect "a stream arrived in pieces" 20 seen pieces
expect "WebSocket messages came back" 50 seen messages
