"""What the identities of the invented company did between the first and the last instant."""
import datetime

from estate import BUILD, DEV, EC2, ECS, HOME, IDENTITIES, LAMBDA, PROD, SECRET, SIGNING_KEY, TABLE
from events import Recorder, instant, stable

FIRST, LAST = instant("2026-08-12T00:00:00Z"), instant("2026-11-20T11:55:00Z")
MB = 1 << 20


def every_day():
    day = FIRST
    while day <= LAST:
        yield day
        day += datetime.timedelta(days=1)


class Company:
    def __init__(self):
        self.log = Recorder()

    def at(self, day, hour, minute, name):
        """The time of day with some seconds that look like chance."""
        moment = day + datetime.timedelta(hours=hour, minutes=minute, seconds=stable(f"{name}{day}{hour}{minute}", 540))
        return moment if moment <= LAST else None

    def runs(self, day, name, hours, minute):
        for hour in hours:
            moment = self.at(day, hour, minute, name)
            if moment:
                yield moment

    def record(self):
        for day in every_day():
            is_weekday = day.weekday() < 5
            self.around_the_clock(day)
            self.daily(day)
            if is_weekday:
                self.working_days(day)
        self.people()
        self.planted()
        return self.log

    def around_the_clock(self, day):
        log, date = self.log, day.strftime("%Y/%m/%d")
        for moment in self.runs(day, "meters", range(0, 24, 3), 5):
            log.s3(log.as_user("meter-gateway", moment), moment, "PutObject", "acme-meters", f"{date}/{moment:%H%M}.json",
                   18_000 + stable(f"meters{moment}", 4000), address="203.0.113.201", agent="go")
        for moment in self.runs(day, "feed", (4, 16), 30):
            who = log.as_user("partner-feed", moment)
            log.s3(who, moment, "ListObjects", "acme-partner-drop", size=2200, address="198.51.100.24", agent="java")
            log.s3(who, moment + datetime.timedelta(seconds=2), "GetObject", "acme-partner-drop", f"{date}/orders.csv",
                   2 * MB, address="198.51.100.24", agent="java")
        for moment in self.runs(day, "metrics", (9, 21), 20):
            who = log.assume("metrics-scraper", moment, f"i-{stable(str(day), 1 << 40):017x}", EC2)
            log.record(who, moment + datetime.timedelta(seconds=1), "ec2", "DescribeInstances", agent="go",
                       parameters={"instancesSet": {}, "filterSet": {}})
            log.record(who, moment + datetime.timedelta(seconds=2), "ecs", "ListClusters", agent="go")
        for moment in self.runs(day, "search", (2, 14), 40):
            who = log.assume("search-indexer", moment, f"ecs-{stable(str(moment), 1 << 32):08x}", ECS)
            log.s3(who, moment + datetime.timedelta(seconds=3), "ListObjects", "acme-search-dev", size=5100)
            log.s3(who, moment + datetime.timedelta(seconds=4), "GetObject", "acme-search-dev", "documents.ndjson", 3 * MB)
            log.s3(who, moment + datetime.timedelta(seconds=9), "PutObject", "acme-search-dev", f"index/{date}.bin", MB)

    def daily(self, day):
        log, date = self.log, day.strftime("%Y-%m-%d")
        second = datetime.timedelta(seconds=1)
        for moment in self.runs(day, "ledger", (1,), 2):
            who = log.assume("ledger-exporter", moment, f"ecs-{stable(str(moment), 1 << 32):08x}", ECS)
            log.s3(who, moment + second, "ListObjects", "acme-ledger", size=3400, agent="java")
            for part in range(3):
                size = 70 * MB + stable(f"{date}{part}", 40 * MB)
                log.s3(who, moment + (4 + 20 * part) * second, "GetObject", "acme-ledger", f"{date}/part-{part}.parquet", size,
                       agent="java")
            log.s3(who, moment + 90 * second, "PutObject", "acme-warehouse", f"ledger/{date}.parquet", 190 * MB, agent="java")
        for moment in self.runs(day, "batch", (23,), 30):
            who = log.as_user("nightly-batch", moment)
            log.s3(who, moment, "GetObject", "acme-batch", f"in/{date}.csv", 6 * MB, agent="cli")
            log.s3(who, moment + 40 * second, "PutObject", "acme-batch", f"out/{date}.csv", 4 * MB, agent="cli")
        for moment in self.runs(day, "refund", (6, 18), 15):
            who = log.assume("refund-worker", moment, "refund-worker", LAMBDA)
            log.secret(who, moment + second, SECRET + "refunds/psp-AbCdEf")
            log.table(who, moment + 2 * second, "GetItem", TABLE + "refunds")
            log.table(who, moment + 3 * second, "UpdateItem", TABLE + "refunds")
        for moment in self.runs(day, "sms", (8, 19), 45):
            who = log.assume("sms-gateway", moment, "sms-gateway", LAMBDA)
            log.secret(who, moment + second, SECRET + "sms/vendor-GhIjKl")
        for moment in self.runs(day, "fx", (0, 8, 16), 50):
            who = log.assume("fx-rates", moment, "fx-rates", LAMBDA)
            log.secret(who, moment + second, SECRET + "fx/provider-MnOpQr")
            log.s3(who, moment + 2 * second, "PutObject", "acme-fx", f"{date}/{moment:%H}.json", 40_000)
        for moment in self.runs(day, "fraud", (3, 15), 10):
            who = log.assume("fraud-scorer", moment, f"ecs-{stable(str(moment), 1 << 32):08x}", ECS)
            log.s3(who, moment + second, "GetObject", "acme-fraud-models", "current/model.bin", 30 * MB)
            log.table(who, moment + 8 * second, "Query", TABLE + "transactions")
        for moment in self.runs(day, "tests", (5, 13), 25):
            who = log.assume("ci-tests", moment, f"AWSCodeBuild-{stable(str(moment), 1 << 32):08x}", BUILD)
            log.s3(who, moment + 30 * second, "GetObject", "acme-fixtures-dev", "orders.tar.gz", 12 * MB)
        for moment in self.runs(day, "advisor", (7,), 33):
            service = "trustedadvisor.amazonaws.com"
            who = log.assume("AWSServiceRoleForTrustedAdvisor", moment, "TrustedAdvisor", service)
            who["userIdentity"]["invokedBy"] = service
            log.record(who, moment + second, "ec2", "DescribeInstances", address=service, agent=service)
        for moment in self.runs(day, "jenkins", (22,), 12):
            log.s3(log.as_user("jenkins-old", moment), moment, "PutObject", "acme-builds", f"{date}/site.zip", 9 * MB, agent="cli",
                   address="203.0.113.88")
        if day < instant("2026-09-03T00:00:00Z"):
            for moment in self.runs(day, "tax", (5,), 0):
                who = log.assume("tax-report", moment, f"ecs-{stable(str(moment), 1 << 32):08x}", ECS)
                log.s3(who, moment + second, "GetObject", "acme-tax", "rules.json", 90_000)
                log.s3(who, moment + 9 * second, "PutObject", "acme-tax", f"{date}.pdf", 700_000)

    def working_days(self, day):
        log, date = self.log, day.strftime("%Y-%m-%d")
        second = datetime.timedelta(seconds=1)
        for moment in self.runs(day, "release", (9, 15), 5):
            who = log.federate("release-publisher", moment, f"GitHubActions-{stable(str(moment), 1 << 32)}", "acme/payments")
            log.s3(who, moment + 4 * second, "GetObject", "payments-artifacts", f"builds/{date}/payments.tar.gz", 44 * MB,
                   address="203.0.113.77", agent="cli")
            signer = log.assume("payments-signer", moment + 9 * second, "release", who, address="203.0.113.77", agent="cli")
            log.kms(signer, moment + 10 * second, "GetPublicKey", SIGNING_KEY, address="203.0.113.77", agent="cli")
            log.kms(signer, moment + 11 * second, "Sign", SIGNING_KEY, address="203.0.113.77", agent="cli")
            for name in ("payments.tar.gz", "payments.tar.gz.sig"):
                log.s3(who, moment + 15 * second, "PutObject", "payments-artifacts", f"releases/{date}/{name}", 44 * MB,
                       address="203.0.113.77", agent="cli")
        for moment in self.runs(day, "reports", (8, 12, 15), 35):
            who = log.assume("report-builder", moment, f"ecs-{stable(str(moment), 1 << 32):08x}", ECS)
            log.s3(who, moment + second, "GetObject", "acme-reports", "templates/daily.json", 20_000)
            log.s3(who, moment + 5 * second, "PutObject", "acme-reports", f"{date}/{moment:%H}.pdf", 400_000)
        for moment in self.runs(day, "terraform", (10,), 0):
            who = log.assume("terraform-apply", moment, "AWSCodeBuild-apply", BUILD)
            for offset, name in enumerate(("DescribeVpcs", "DescribeSubnets")):
                log.record(who, moment + (2 + offset) * second, "ec2", name, agent="terraform", parameters={"filterSet": {}})
            if day.day == 3:
                log.record(who, moment + 5 * second, "iam", "GetRole", agent="terraform", region="us-east-1",
                           parameters={"roleName": "refund-worker"})
        for moment in self.runs(day, "web", (11,), 18):
            who = log.federate("web-deploy", moment, f"GitHubActions-{stable(str(moment), 1 << 32)}", "acme/web")
            common = {"address": "203.0.113.77", "agent": "cli"}
            log.record(who, moment + second, "ecr", "GetAuthorizationToken", **common)
            log.record(who, moment + 20 * second, "ecr", "PutImage", read=False, parameters={"repositoryName": "web"},
                       resources=[("AWS::ECR::Repository", f"arn:aws:ecr:{HOME}:{DEV}:repository/web", DEV)], **common)
            log.record(who, moment + 24 * second, "lambda", "UpdateFunctionCode20150331v2", read=False,
                       parameters={"functionName": f"arn:aws:lambda:{HOME}:{DEV}:function:web", "publish": True}, **common)
        if day.weekday() in (1, 3):
            for moment in self.runs(day, "seed", (7,), 20):
                who = log.assume("staging-seeder", moment, "AWSCodeBuild-seed", BUILD)
                log.s3(who, moment + 5 * second, "PutObject", "acme-staging-seed", "customers.csv", 3 * MB)

    def people(self):
        """An operator, signed in through single sign-on: not a machine, so nothing is asked of this role."""
        log, operator = self.log, "AWSReservedSSO_OperatorAccess_0a1b2c3d4e5f6789"
        for user in ("jenkins-old", "partner-feed"):
            moment = instant(IDENTITIES[user]["key_created"])
            who = log.session(operator, moment - datetime.timedelta(minutes=4), "chi@acme.example", mfa=True)
            console = {"region": "us-east-1", "agent": "console", "address": "192.0.2.44", "read": False}
            log.record(who, moment, "iam", "CreateAccessKey", parameters={"userName": user}, response={
                "accessKey": {"userName": user, "accessKeyId": IDENTITIES[user]["key"], "status": "Active",
                              "createDate": moment.strftime("%b %-d, %Y %-I:%M:%S %p")}}, **console)
            log.record(who, moment + datetime.timedelta(minutes=12), "iam", "DeleteAccessKey", **console,
                       parameters={"userName": user, "accessKeyId": IDENTITIES[user]["old_key"]})
        for day in every_day():
            if day.weekday() == 0:
                moment = self.at(day, 9, 30, "operator")
                who = log.session(operator, moment, "chi@acme.example", mfa=True)
                log.record(who, moment + datetime.timedelta(minutes=2), "ec2", "DescribeInstances", agent="console",
                           address="192.0.2.44", parameters={"maxResults": 100})

    def planted(self):
        log, second = self.log, datetime.timedelta(seconds=1)
        # ledger-exporter: 14 GB on one day.
        moment = instant("2026-11-17T22:41:07Z")
        who = log.assume("ledger-exporter", moment, "ecs-0badf00d", ECS)
        for part in range(14):
            log.s3(who, moment + (5 + 40 * part) * second, "GetObject", "acme-ledger", f"archive/2025-{part:02}.parquet",
                   1024 * MB, agent="java")
        # fraud-scorer: a bucket policy lets it in, the declaration does not; another bucket refuses it.
        moment = instant("2026-11-09T11:12:48Z")
        who = log.assume("fraud-scorer", moment, "ecs-5c0fe001", ECS)
        for part in range(3):
            log.s3(who, moment + (2 + part) * second, "GetObject", "acme-customer-exports", f"2026-11/part-{part}.csv", 25 * MB)
        denied = ("AccessDenied", "User is not authorized to perform: s3:GetObject on resource: "
                  "\"arn:aws:s3:::acme-hr/salaries.csv\" because no identity-based policy allows the s3:GetObject action")
        log.s3(who, moment + 9 * second, "GetObject", "acme-hr", "salaries.csv", 0, error=denied)
        # ci-tests: of the development account, in a bucket of production. Both accounts' trails tell of it.
        moment = instant("2026-11-12T13:31:20Z")
        who = log.assume("ci-tests", moment, "AWSCodeBuild-7e57da7a", BUILD)
        for part in range(2):
            shared = log.uuid()
            for account in (DEV, PROD):
                event = log.s3(who, moment + (3 + part) * second, "GetObject", "acme-fixtures-prod", f"dump-{part}.sql", 80 * MB,
                               account=PROD, shared=shared)
                if account == DEV:
                    event["recipientAccountId"] = DEV
                    log.records[-1] = (DEV, HOME, event)
        # report-builder: a Saturday night, from another continent.
        moment = instant("2026-11-14T02:14:09Z")
        who = log.session("report-builder", moment - 600 * second, "ecs-1dea5eed")
        for part in range(4):
            log.s3(who, moment + 3 * part * second, "GetObject", "acme-reports", f"2026-11-1{part}/08.pdf", 400_000,
                   region="ap-southeast-2", address="198.51.100.201", agent="requests")
        # tmp-debug: made, used and deleted within half an hour.
        start = instant("2026-10-13T13:02:40Z")
        operator = log.session("AWSReservedSSO_OperatorAccess_0a1b2c3d4e5f6789", start - 60 * second, "chi@acme.example", mfa=True)
        console = {"region": "us-east-1", "agent": "console", "address": "192.0.2.44", "read": False}
        role = IDENTITIES["tmp-debug"]
        log.record(operator, start, "iam", "CreateRole", parameters={"roleName": "tmp-debug", "path": "/"}, response={
            "role": {"roleName": "tmp-debug", "roleId": role["id"], "arn": role["arn"], "path": "/",
                     "createDate": start.strftime("%b %-d, %Y %-I:%M:%S %p")}}, error=None, **console)
        who = log.assume("tmp-debug", start + 400 * second, "i-0d1ce0fba5eba11ed", EC2)
        for part in range(3):
            log.secret(who, start + (420 + part) * second, SECRET + "refunds/psp-AbCdEf", agent="cli")
        log.record(operator, start + 1500 * second, "iam", "DeleteRole", parameters={"roleName": "tmp-debug"}, **console)
