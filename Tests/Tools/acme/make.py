#!/usr/bin/env python3
"""Writes the exports and logs of examples/acme: make.py FOLDER. The same bytes each time (of gzip files: the same content)."""
import base64
import csv
import datetime
import gzip
import io
import json
import os
import shutil
import sys

sys.dont_write_bytecode = True

from estate import DEV, EXPORTED, FOLDER, GROUPS, POLICIES, ROLES, STAGING, USERS, token, unique_id
from events import instant, stable, stamp
from work import Company

# When the last files came.
DELIVERED = instant("2026-11-20T11:58:00Z")


def iso(text):
    return text.replace("Z", "+00:00")


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def pretty(value):
    return (json.dumps(value, indent=4) + "\n").encode()


class Exports:
    """What `aws iam …` says of one account at the instant of its export."""

    def __init__(self, account, last_used):
        self.account, self.moment = account, instant(EXPORTED[account])
        self.uses = last_used
        self.roles = [role for role in ROLES if role["account"] == account]
        self.users = [user for user in USERS if user["account"] == account]
        self.groups = [group for group in GROUPS if group["account"] == account]

    def last(self, subject):
        """The last use before the export, or nothing."""
        return max((use for use in self.uses.get(subject, []) if use[0] <= self.moment), default=None)

    def write(self, folder):
        write(f"{folder}/account-authorization-details.json", pretty(self.details()))
        report = self.credential_report()
        if self.account == DEV:
            # Decoded by the collector: then only the name says when it was made.
            write(f"{folder}/credential-report.{EXPORTED[DEV].replace(':', '')}.csv", report.encode())
        else:
            write(f"{folder}/credential-report.json", pretty({
                "Content": base64.b64encode(report.encode()).decode(), "ReportFormat": "text/csv",
                "GeneratedTime": iso(EXPORTED[self.account])}))
        for user in self.users:
            write(f"{folder}/list-access-keys.{user['name']}.json", pretty({"AccessKeyMetadata": [
                {"UserName": user["name"], "AccessKeyId": user["key"], "Status": "Active",
                 "CreateDate": iso(user["key_created"])}]}))

    def details(self):
        return {"UserDetailList": [self.user(user) for user in self.users],
                "GroupDetailList": [self.group(group) for group in self.groups],
                "RoleDetailList": [self.role(role) for role in self.roles],
                "Policies": self.policies()}

    def attached(self, arns):
        return [{"PolicyName": arn.split("/")[-1], "PolicyArn": arn} for arn in arns]

    def inline(self, documents):
        return [{"PolicyName": name, "PolicyDocument": text} for name, text in documents.items()]

    def tags(self, tags):
        return [{"Key": key, "Value": value} for key, value in tags.items()]

    def user(self, user):
        detail = {"Path": "/", "UserName": user["name"], "UserId": user["id"], "Arn": user["arn"],
                  "CreateDate": iso(user["created"])}
        if user["inline"]:
            detail["UserPolicyList"] = self.inline(user["inline"])
        return {**detail, "GroupList": user["groups"], "AttachedManagedPolicies": self.attached(user["managed"]),
                "Tags": self.tags(user["tags"])}

    def group(self, group):
        return {"Path": "/", "GroupName": group["name"], "GroupId": unique_id("AGPA", group["name"]),
                "Arn": f"arn:aws:iam::{self.account}:group/{group['name']}", "CreateDate": iso(group["created"]),
                "GroupPolicyList": self.inline(group["inline"]), "AttachedManagedPolicies": []}

    def role(self, role):
        used = self.last(role["arn"])
        detail = {"Path": role["path"], "RoleName": role["name"], "RoleId": role["id"], "Arn": role["arn"],
                  "CreateDate": iso(role["created"]), "AssumeRolePolicyDocument": role["trust"], "InstanceProfileList": [],
                  "RolePolicyList": self.inline(role["inline"]), "AttachedManagedPolicies": self.attached(role["managed"])}
        if role["boundary"]:
            detail["PermissionsBoundary"] = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": role["boundary"]}
        detail["Tags"] = self.tags(role["tags"])
        detail["RoleLastUsed"] = {"LastUsedDate": iso(stamp(used[0])), "Region": used[1]} if used else {}
        return detail

    def policies(self):
        holders = self.roles + self.users
        rows = []
        for arn, (created, text) in POLICIES.items():
            attached = sum(arn in holder["managed"] for holder in holders)
            bounding = sum(holder["boundary"] == arn for holder in holders)
            if attached + bounding:
                rows.append({"PolicyName": arn.split("/")[-1], "PolicyId": "ANPA" + token(10, arn) + "EXAMPLE", "Arn": arn,
                             "Path": "/", "DefaultVersionId": "v1", "AttachmentCount": attached,
                             "PermissionsBoundaryUsageCount": bounding, "IsAttachable": True, "CreateDate": iso(created),
                             "UpdateDate": iso(created), "PolicyVersionList": [
                                 {"Document": text, "VersionId": "v1", "IsDefaultVersion": True, "CreateDate": iso(created)}]})
        return rows

    def credential_report(self):
        keys = "active last_rotated last_used_date last_used_region last_used_service".split()
        names = ["user", "arn", "user_creation_time", "password_enabled", "password_last_used", "password_last_changed",
                 "password_next_rotation", "mfa_active"]
        names += [f"access_key_{number}_{key}" for number in (1, 2) for key in keys]
        names += [f"cert_{number}_{key}" for number in (1, 2) for key in ("active", "last_rotated")]
        none, rest = ["false", "N/A", "N/A", "N/A", "N/A"], ["false", "N/A", "false", "N/A"]
        rows = [["<root_account>", f"arn:aws:iam::{self.account}:root", "2021-03-01T09:00:00+00:00", "not_supported",
                 "2026-01-05T10:00:00+00:00", "not_supported", "not_supported", "true"] + none + none + rest]
        for user in self.users:
            used = self.last(user["key"])
            first = ["true", iso(user["key_created"])]
            first += [iso(stamp(used[0])), used[1], used[2]] if used else ["N/A"] * 3
            rows.append([user["name"], user["arn"], iso(user["created"]), "false", "N/A", "N/A", "N/A", "false"]
                        + first + none + rest)
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([names] + rows)
        return text.getvalue()


def deliveries(records):
    """Delivery files: one a week for each account and region, a little out of order, one event delivered twice."""
    files = {}
    for account, region, event in records:
        moment = instant(event["eventTime"])
        week = moment - datetime.timedelta(days=moment.weekday() - 7, hours=moment.hour, minutes=moment.minute - 5,
                                           seconds=moment.second)
        files.setdefault((account, region, min(week, DELIVERED)), []).append(event)
    last = {}
    for (account, region, moment), events in sorted(files.items()):
        # Neighbours up to eight minutes apart change places, as in real deliveries.
        events.sort(key=lambda event: (instant(event["eventTime"]).timestamp() + stable(event["eventID"], 480), event["eventID"]))
        # At-least-once delivery: the last event of a file comes again in the next.
        yield account, region, moment, events + last.get((account, region), [])
        last[account, region] = events[-1:]


def write_logs(folder, records):
    for account, region, moment, events in deliveries(records):
        # Staging's collector broke: with its exports, its logs stay out (log-gap).
        if account == STAGING and moment > instant(EXPORTED[STAGING]):
            continue
        name = f"{account}_CloudTrail_{region}_{moment:%Y%m%dT%H%MZ}_{token(16, account, region, str(moment)).title()}.json"
        text = json.dumps({"Records": events}, separators=(",", ":")).encode()
        path = f"{folder}/{account}/{region}/{name}"
        # Collectors unpack some files: few events stay plain text.
        write(*(path, text) if len(events) < 12 else (path + ".gz", gzip.compress(text, 9, mtime=0)))


def write_warnings(folder):
    """What a scanner found in a repository (secrets redacted), and what the sign-in service learnt."""
    write(f"{folder}/scanners/gitleaks.2026-11-20.json", pretty([{
        "RuleID": "aws-access-token", "Description": "AWS access key", "StartLine": 12, "EndLine": 12,
        "Match": "AWS_ACCESS_KEY_ID=AKIA5Y777S5K5EXAMPLE", "Secret": "REDACTED", "File": "deploy/feed.env",
        "Commit": "5d1f0c2a9b7e4c6d8f3a1b2c3d4e5f60718293a4", "Date": "2026-11-12T16:20:31Z",
        "Author": "Kim", "Fingerprint": "5d1f0c2a9b7e4c6d8f3a1b2c3d4e5f60718293a4:deploy/feed.env:aws-access-token:12",
    }, {
        "RuleID": "aws-access-token", "Description": "AWS access key", "StartLine": 3, "EndLine": 3,
        "Match": "key = AKIA2Q7T5M3LXEXAMPLE", "Secret": "REDACTED", "File": "spike/upload.py",
        "Commit": "0b7e4c6d5d1f0c2a9d8f3a1b2c3d4e5f60718293", "Date": "2026-11-14T09:02:10Z",
        "Author": "Lee", "Fingerprint": "0b7e4c6d5d1f0c2a9d8f3a1b2c3d4e5f60718293:spike/upload.py:aws-access-token:3",
    }]))
    write(f"{folder}/events/2026-11-19.json", pretty({
        "iss": "https://signin.acme.example/", "jti": "7c1e4f0a", "iat": 1795082400, "aud": "https://muster.acme.example",
        "sub_id": {"format": "uri", "uri": "arn:aws:iam::111122223333:user/jenkins-old"},
        "events": {"https://schemas.openid.net/secevent/risc/event-type/credential-compromise": {
            "credential_type": "access-key", "event_timestamp": 1795071600,
        }},
    }))


def main():
    folder = sys.argv[1]
    log = Company().record()
    for part in ("exports", "logs"):
        shutil.rmtree(f"{folder}/{part}", ignore_errors=True)
    for account, name in FOLDER.items():
        Exports(account, log.last_used).write(f"{folder}/exports/{name}")
    write_warnings(f"{folder}/exports")
    write_logs(f"{folder}/logs/cloudtrail", log.records)


main()
