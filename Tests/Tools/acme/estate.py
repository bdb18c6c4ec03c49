"""The invented company: accounts, identities, what each is granted. make.py writes it as exports and logs.

Every id is of the kind that AWS uses in its own documentation (it ends in EXAMPLE); every address is from a documentation range.
"""
import hashlib

PROD, STAGING, DEV = "111122223333", "777788889999", "444455556666"
FOLDER = {PROD: "aws-prod", STAGING: "aws-staging", DEV: "aws-dev"}
HOME = "eu-west-1"

# When each account was exported. Staging's collector broke: its export is eight days old (source-stale).
EXPORTED = {PROD: "2026-11-20T06:00:11Z", DEV: "2026-11-20T06:05:09Z", STAGING: "2026-11-12T06:00:14Z"}


def token(length, *parts):
    """Letters and digits that depend on the parts only."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    digest = hashlib.sha512("/".join(parts).encode()).digest()
    return "".join(alphabet[byte % 32] for byte in digest[:length])


def unique_id(prefix, name):
    return prefix + token(10, prefix, name) + "EXAMPLE"


def key_id(prefix, name):
    return prefix + token(9, prefix, name) + "EXAMPLE"


def allow(actions, resources, **more):
    statement = {"Effect": "Allow", "Action": actions, "Resource": resources}
    return {**statement, **more}


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust(kind, who, action="sts:AssumeRole", **more):
    return document({"Effect": "Allow", "Principal": {kind: who}, "Action": action, **more})


def github(account, repository, branch="main"):
    issuer = "token.actions.githubusercontent.com"
    condition = {"StringEquals": {f"{issuer}:aud": "sts.amazonaws.com",
                                  f"{issuer}:sub": f"repo:{repository}:ref:refs/heads/{branch}"}}
    return trust("Federated", f"arn:aws:iam::{account}:oidc-provider/{issuer}", "sts:AssumeRoleWithWebIdentity",
                 Condition=condition)


ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
SIGNING_KEY = f"arn:aws:kms:{HOME}:{PROD}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
SECRETS_KEY = f"arn:aws:kms:{HOME}:{PROD}:key/0987dcba-09fe-87dc-65ba-ab0987654321"
SECRET = f"arn:aws:secretsmanager:{HOME}:{PROD}:secret:"
TABLE = f"arn:aws:dynamodb:{HOME}:{PROD}:table/"
ECS, LAMBDA, BUILD, EC2 = (f"{name}.amazonaws.com" for name in ("ecs-tasks", "lambda", "codebuild", "ec2"))

# Customer-managed policies and the one managed by AWS: ARN → (created, document).
POLICIES = {
    f"arn:aws:iam::{PROD}:policy/acme-ledger-read": ("2025-02-03T10:11:12Z", document(
        allow(["s3:ListBucket"], "arn:aws:s3:::acme-ledger"),
        allow(["s3:GetObject"], "arn:aws:s3:::acme-ledger/*"))),
    f"arn:aws:iam::{PROD}:policy/acme-partner-read": ("2025-06-17T08:00:00Z", document(
        allow(["s3:ListBucket"], "arn:aws:s3:::acme-partner-drop"),
        allow(["s3:GetObject"], "arn:aws:s3:::acme-partner-drop/*"))),
    f"arn:aws:iam::{DEV}:policy/acme-dev-boundary": ("2025-01-09T09:00:00Z", document(
        allow(["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
              ["arn:aws:s3:::acme-search-dev", "arn:aws:s3:::acme-search-dev/*"]))),
    ADMINISTRATOR: ("2015-02-06T18:39:46Z", document(allow("*", "*"))),
}


def role(name, account, created, trusts, inline=None, managed=(), path="/", tags=None, boundary=None, description=None):
    return dict(kind="role", name=name, account=account, created=created, trust=trusts, inline=inline or {},
                managed=list(managed), path=path, tags=tags or {}, boundary=boundary, description=description,
                id=unique_id("AROA", account + name), arn=f"arn:aws:iam::{account}:role{path}{name}")


def user(name, account, created, key_created, inline=None, managed=(), groups=(), tags=None):
    return dict(kind="user", name=name, account=account, created=created, key_created=key_created, inline=inline or {},
                managed=list(managed), path="/", groups=list(groups), tags=tags or {}, boundary=None,
                id=unique_id("AIDA", account + name), key=key_id("AKIA", account + name),
                old_key=key_id("AKIA", account + name + "old"),
                arn=f"arn:aws:iam::{account}:user/{name}")


GROUPS = [dict(name="batch-writers", account=PROD, created="2024-05-02T07:30:00Z", members=["nightly-batch"],
               inline={"write-batch": document(allow("s3:PutObject", "arn:aws:s3:::acme-batch/*"))})]

USERS = [
    # 245 days with one key, and the exception that allowed it has lapsed (rotation-overdue, exception-lapsed).
    user("nightly-batch", PROD, "2024-05-02T07:41:05Z", "2026-03-20T08:15:40Z", groups=["batch-writers"],
         inline={"read-batch": document(allow("s3:GetObject", "arn:aws:s3:::acme-batch/*"))}),
    # The contract ended on 2026-10-31; the key still works and is still used (expired-but-active, stale-credential-used).
    user("partner-feed", PROD, "2025-06-17T08:20:31Z", "2026-09-10T09:02:17Z",
         managed=[f"arn:aws:iam::{PROD}:policy/acme-partner-read"], tags={"vendor": "Northwind"}),
    # An old key too, but with an exception that holds.
    user("meter-gateway", PROD, "2025-09-29T11:00:00Z", "2026-06-23T10:31:00Z",
         inline={"write-meters": document(allow("s3:PutObject", "arn:aws:s3:::acme-meters/*"))}),
    # Nobody declared it (undeclared-identity).
    user("jenkins-old", PROD, "2023-01-19T14:02:55Z", "2026-09-01T12:00:12Z", tags={"owner": "team:platform"},
         inline={"builds": document(allow("s3:PutObject", "arn:aws:s3:::acme-builds/*"))}),
]

ROLES = [
    role("release-publisher", PROD, "2025-03-11T09:12:44Z", github(PROD, "acme/payments"), {
        "publish": document(
            allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::payments-artifacts/*"),
            allow("sts:AssumeRole", f"arn:aws:iam::{PROD}:role/payments-signer"))}),
    role("payments-signer", PROD, "2025-03-11T09:14:02Z", trust("AWS", f"arn:aws:iam::{PROD}:role/release-publisher"), {
        "sign": document(allow(["kms:Sign", "kms:GetPublicKey"], SIGNING_KEY))}),
    # One day with 14 GB (volume-exceeded).
    role("ledger-exporter", PROD, "2025-02-03T10:20:00Z", trust("Service", ECS), {
        "write-warehouse": document(allow("s3:PutObject", "arn:aws:s3:::acme-warehouse/ledger/*"))},
        managed=[f"arn:aws:iam::{PROD}:policy/acme-ledger-read"]),
    # A hot fix left a right behind that nobody declared (granted-not-declared, granted-unused).
    role("refund-worker", PROD, "2025-08-20T13:45:09Z", trust("Service", LAMBDA), {
        "refunds": document(
            allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], TABLE + "refunds"),
            allow("secretsmanager:GetSecretValue", SECRET + "refunds/psp-AbCdEf")),
        "hotfix-0612": document(allow("dynamodb:DeleteTable", TABLE + "refunds-archive"))}),
    # Its declaration is a draft that nobody finished (owner-missing, purpose-missing, no-expiry).
    role("metrics-scraper", PROD, "2026-04-14T15:30:00Z", trust("Service", EC2), {
        "describe": document(allow(["ec2:DescribeInstances", "ecs:ListClusters"], "*"))}),
    # Owned by a bot, and a token is written in the declaration (owner-invalid, secret-in-repository).
    role("sms-gateway", PROD, "2025-11-04T10:00:00Z", trust("Service", LAMBDA), {
        "read-credentials": document(allow("secretsmanager:GetSecretValue", SECRET + "sms/vendor-GhIjKl"))}),
    # Its owner's last member left, and nothing ran since September (owner-departed, idle).
    role("tax-report", PROD, "2024-12-01T08:00:00Z", trust("Service", ECS), {
        "tax": document(allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::acme-tax/*"))}),
    # A bucket policy lets it read what nobody declared; no identity policy shows that (used-not-declared).
    role("fraud-scorer", PROD, "2025-05-27T16:05:12Z", trust("Service", ECS), {
        "models": document(
            allow("s3:GetObject", "arn:aws:s3:::acme-fraud-models/*"),
            allow("dynamodb:Query", TABLE + "transactions"))}),
    # wildcard-or-admin
    role("terraform-apply", PROD, "2024-02-12T12:00:00Z", trust("Service", BUILD), managed=[ADMINISTRATOR]),
    # Made in September, never used (never-used).
    role("dr-failover", PROD, "2026-09-20T07:55:31Z", trust("Service", LAMBDA), {
        "failover": document(
            allow("route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z0123456789EXAMPLE"),
            allow("rds:PromoteReadReplica", f"arn:aws:rds:{HOME}:{PROD}:db:orders-replica"))}),
    # A Saturday at 02:14 from Sydney (unexpected-region, outside-schedule).
    role("report-builder", PROD, "2025-10-06T09:00:00Z", trust("Service", ECS), {
        "reports": document(allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::acme-reports/*"))}),
    # Last reviewed in June, and one right is unused (review-overdue, granted-unused).
    role("fx-rates", PROD, "2025-04-22T11:11:11Z", trust("Service", LAMBDA), {
        "rates": document(
            allow("s3:PutObject", "arn:aws:s3:::acme-fx/*"),
            allow(["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"], SECRET + "fx/provider-MnOpQr"),
            {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"})}),
    # A bucket of prod has a name that its scope matches (cross-environment-use).
    role("ci-tests", DEV, "2025-01-15T10:10:10Z", trust("Service", BUILD), {
        "fixtures": document(allow("s3:GetObject", "arn:aws:s3:::acme-fixtures*/*"))}),
    # In order: what its policy gives beyond the declaration, the boundary takes away.
    role("search-indexer", DEV, "2025-01-20T10:00:00Z", trust("Service", ECS), {
        "index": document(
            allow("s3:ListBucket", "arn:aws:s3:::acme-search-dev"),
            allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], "arn:aws:s3:::acme-search-dev/*"))},
        boundary=f"arn:aws:iam::{DEV}:policy/acme-dev-boundary"),
    role("web-deploy", DEV, "2025-07-07T07:07:07Z", github(DEV, "acme/web"), {
        "deploy": document(
            allow("ecr:GetAuthorizationToken", "*"),
            allow("ecr:PutImage", f"arn:aws:ecr:{HOME}:{DEV}:repository/web"),
            allow("lambda:UpdateFunctionCode", f"arn:aws:lambda:{HOME}:{DEV}:function:web"))}),
    role("staging-seeder", STAGING, "2025-09-01T09:30:00Z", trust("Service", BUILD), {
        "seed": document(allow("s3:PutObject", "arn:aws:s3:::acme-staging-seed/*"))}),
    # People and AWS itself: no declaration is expected of these.
    role("AWSReservedSSO_OperatorAccess_0a1b2c3d4e5f6789", PROD, "2024-01-10T10:00:00Z",
         trust("Federated", f"arn:aws:iam::{PROD}:saml-provider/AWSSSO_0a1b2c3d4e5f6789_DO_NOT_DELETE",
               ["sts:AssumeRoleWithSAML", "sts:TagSession"],
               Condition={"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}),
         {"AwsSSOInlinePolicy": document(allow(["ec2:DescribeInstances", "iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:CreateRole",
                                                "iam:DeleteRole"], "*"))},
         path="/aws-reserved/sso.amazonaws.com/eu-west-1/"),
    role("AWSServiceRoleForTrustedAdvisor", PROD, "2023-11-02T08:08:08Z", trust("Service", "trustedadvisor.amazonaws.com"),
         {"describe": document(allow(["ec2:DescribeInstances"], "*"))},
         path="/aws-service-role/trustedadvisor.amazonaws.com/"),
]

# Deleted on the day that made it: in no export, declared by nobody, and it acted (undeclared-identity, "unexplained").
DELETED = [role("tmp-debug", PROD, "2026-10-13T13:02:40Z", trust("Service", EC2))]

IDENTITIES = {identity["name"]: identity for identity in USERS + ROLES + DELETED}
