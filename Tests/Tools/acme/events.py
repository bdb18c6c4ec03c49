"""CloudTrail records, shaped as the service delivers them (CloudTrail User Guide, "CloudTrail record contents")."""
import datetime
import hashlib
import random

from estate import HOME, IDENTITIES, PROD, key_id

AGENTS = {
    "python": "Boto3/1.35.36 md/Botocore#1.35.36 ua/2.0 os/linux#6.1.109-118.189.amzn2023.x86_64 md/arch#x86_64 "
              "lang/python#3.12.6 md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.35.36",
    "go": "aws-sdk-go-v2/1.32.2 os/linux lang/go#1.23.2 md/GOOS#linux md/GOARCH#amd64 api/s3#1.66.0",
    "cli": "aws-cli/2.18.5 md/awscrt#0.22.0 ua/2.0 os/linux#6.8.0-1017-azure md/arch#x86_64 lang/python#3.12.6 "
           "cfg/retry-mode#standard md/installer#exe md/prompt#off md/command#s3.cp",
    "terraform": "APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/5.73.0 "
                 "(+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.32.2",
    "java": "aws-sdk-java/2.28.24 Linux/5.10.226 OpenJDK_64-Bit_Server_VM/21.0.4 Java/21 vendor/Amazon.com_Inc.",
    "console": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
    "requests": "python-requests/2.31.0",
}


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Recorder:
    """Gathers records. One stream of random numbers, so that the same program gives the same bytes."""

    def __init__(self):
        self.random = random.Random("acme")
        self.records = []  # (recipient account, region, record)
        self.last_used = {}  # ARN or key id → (moment, region, service)

    def uuid(self):
        digits = f"{self.random.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def short(self):
        return "".join(self.random.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(16))

    def record(self, who, moment, service, name, region=HOME, address="203.0.113.10", agent="python", account=None,
               parameters=None, response=None, resources=None, bytes_in=None, bytes_out=None, error=None, read=True,
               shared=None, data=False):
        identity = who.get("identity")
        recipient = account or (identity["account"] if identity else PROD)
        event = {"eventVersion": "1.11", "userIdentity": who["userIdentity"], "eventTime": stamp(moment),
                 "eventSource": f"{service}.amazonaws.com", "eventName": name, "awsRegion": region,
                 "sourceIPAddress": address, "userAgent": AGENTS.get(agent, agent)}
        if error:
            event["errorCode"], event["errorMessage"] = error
        event["requestParameters"], event["responseElements"] = parameters, response
        if bytes_in is not None:
            event["additionalEventData"] = {
                "SignatureVersion": "SigV4", "CipherSuite": "TLS_AES_128_GCM_SHA256", "bytesTransferredIn": bytes_in,
                "AuthenticationMethod": "AuthHeader", "x-amz-id-2": "EXAMPLE", "bytesTransferredOut": bytes_out or 0}
        event["requestID"] = self.short() if service == "s3" else self.uuid()
        event["eventID"] = self.uuid()
        event["readOnly"] = read
        if resources:
            event["resources"] = [{**({"accountId": owner} if owner else {}), "type": kind, "ARN": arn}
                                  for kind, arn, owner in resources]
        event["eventType"], event["managementEvent"], event["recipientAccountId"] = "AwsApiCall", not data, recipient
        if shared:
            event["sharedEventID"] = shared
        event["eventCategory"] = "Data" if data else "Management"
        if not address.endswith(".amazonaws.com"):
            host = f"{service}.{region}.amazonaws.com"
            event["tlsDetails"] = {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256",
                                   "clientProvidedHostHeader": host}
        self.records.append((recipient, region, event))
        if identity and not shared:
            for subject in (identity["arn"], identity.get("key")):
                if subject:
                    self.last_used.setdefault(subject, []).append((moment, region, service))
        return event

    # Callers

    def as_user(self, name, moment):
        """A user with the long-lived key that it had at the moment."""
        identity = IDENTITIES[name]
        key = identity["key"] if moment >= instant(identity["key_created"]) else identity["old_key"]
        return {"identity": identity, "userIdentity": {
            "type": "IAMUser", "principalId": identity["id"], "arn": identity["arn"],
            "accountId": identity["account"], "accessKeyId": key, "userName": name}}

    def as_service(self, service):
        return {"userIdentity": {"type": "AWSService", "invokedBy": service}}

    def session(self, name, moment, session, mfa=False):
        """A role's session that began at the moment."""
        identity = IDENTITIES[name]
        account = identity["account"]
        return {"identity": identity, "session": session, "userIdentity": {
            "type": "AssumedRole", "principalId": f"{identity['id']}:{session}",
            "arn": f"arn:aws:sts::{account}:assumed-role/{name}/{session}", "accountId": account,
            "accessKeyId": key_id("ASIA", f"{name}{session}{stamp(moment)}"),
            "sessionContext": {
                "sessionIssuer": {"type": "Role", "principalId": identity["id"], "arn": identity["arn"],
                                  "accountId": account, "userName": name},
                "webIdFederationData": {},
                "attributes": {"creationDate": stamp(moment), "mfaAuthenticated": str(mfa).lower()}}}}

    # Ways to a session

    def assume(self, name, moment, session, by, region=HOME, address=None, agent=None):
        """`AssumeRole` by a service (its host name) or by another session, and the session that it gives."""
        session = self.session(name, moment, session)
        role = session["identity"]
        caller = self.as_service(by) if isinstance(by, str) else by
        self.record(
            caller, moment, "sts", "AssumeRole", region=region, account=role["account"],
            address=by if isinstance(by, str) else address or "203.0.113.10",
            agent=by if isinstance(by, str) else agent or "go",
            parameters={"roleArn": role["arn"], "roleSessionName": session["session"], "durationSeconds": 3600},
            response=self.issued(session, moment), resources=[("AWS::IAM::Role", role["arn"], role["account"])],
            shared=None if not isinstance(by, str) else self.uuid())
        return session

    def federate(self, name, moment, session, repository):
        """`AssumeRoleWithWebIdentity` from a GitHub workflow, and the session that it gives."""
        session = self.session(name, moment, session)
        role = session["identity"]
        issuer = "token.actions.githubusercontent.com"
        provider = f"arn:aws:iam::{role['account']}:oidc-provider/{issuer}"
        subject = f"repo:{repository}:ref:refs/heads/main"
        who = {"userIdentity": {"type": "WebIdentityUser", "principalId": f"{provider}:sts.amazonaws.com:{subject}",
                                "userName": subject, "identityProvider": provider}}
        self.record(
            who, moment, "sts", "AssumeRoleWithWebIdentity", account=role["account"], address="203.0.113.77", agent="cli",
            parameters={"roleArn": role["arn"], "roleSessionName": session["session"], "durationSeconds": 3600},
            response={**self.issued(session, moment), "subjectFromWebIdentityToken": subject, "provider": provider,
                      "audience": "sts.amazonaws.com"},
            resources=[("AWS::IAM::Role", role["arn"], role["account"])])
        return session

    def issued(self, session, moment):
        who = session["userIdentity"]
        ends = moment + datetime.timedelta(hours=1)
        return {"credentials": {"accessKeyId": who["accessKeyId"], "sessionToken": "IQoJb3JpZ2luX2VjEXAMPLETOKEN",
                                "expiration": ends.strftime("%b %-d, %Y, %-I:%M:%S %p")},
                "assumedRoleUser": {"assumedRoleId": who["principalId"], "arn": who["arn"]}}

    # Calls

    def s3(self, who, moment, name, bucket, key=None, size=0, account=None, **more):
        """An object call with its bytes; `size` counts in the direction of the call."""
        owner = account or who["identity"]["account"]
        bucket_arn = f"arn:aws:s3:::{bucket}"
        region = more.get("region", HOME)
        parameters = {"bucketName": bucket, "Host": f"{bucket}.s3.{region}.amazonaws.com"}
        resources = [("AWS::S3::Bucket", bucket_arn, owner)]
        if key:
            parameters["key"] = key
            resources.insert(0, ("AWS::S3::Object", f"{bucket_arn}/{key}", None))
        else:
            parameters["list-type"] = "2"
        is_write = name.startswith("Put")
        # The service writes some byte counts as floats.
        count = float(size) if self.random.random() < 0.1 else size
        return self.record(
            who, moment, "s3", name, account=owner, parameters=parameters, resources=resources, data=True,
            read=not is_write, response={"x-amz-server-side-encryption": "AES256"} if is_write else None,
            bytes_in=count if is_write else 0, bytes_out=0 if is_write else count, **more)

    def secret(self, who, moment, arn, **more):
        return self.record(who, moment, "secretsmanager", "GetSecretValue", parameters={"secretId": arn}, **more)

    def table(self, who, moment, name, arn, **more):
        return self.record(
            who, moment, "dynamodb", name, parameters={"tableName": arn.split("/")[-1]}, data=True,
            read=name in ("GetItem", "Query"), resources=[("AWS::DynamoDB::Table", arn, who["identity"]["account"])], **more)

    def kms(self, who, moment, name, arn, **more):
        return self.record(
            who, moment, "kms", name, parameters={"keyId": arn, "signingAlgorithm": "RSASSA_PSS_SHA_256"},
            resources=[("AWS::KMS::Key", arn, who["identity"]["account"])], **more)


def stable(text, modulus):
    """A number below the modulus that depends on the text only."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") % modulus
