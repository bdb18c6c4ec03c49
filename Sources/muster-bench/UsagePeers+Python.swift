extension UsagePeer {
  static let polarsProgram = #"""
    def polars():
        import polars as pl
        text, none = pl.String, pl.lit("")
        def at(column, *names):
            found = pl.col(column)
            for name in names: found = found.struct.field(name)
            return found
        if shape == "cloudtrail":
            schema = {"Records": pl.List(pl.Struct({
                "eventID": text, "eventTime": text, "eventSource": text, "eventName": text, "awsRegion": text,
                "errorCode": text, "resources": pl.List(pl.Struct({"ARN": text})),
                "userIdentity": pl.Struct({"arn": text, "accessKeyId": text, "sessionContext":
                    pl.Struct({"sessionIssuer": pl.Struct({"arn": text})})})}))}
            who = ("Records", "userIdentity")
            def records(path):
                whole = pl.read_json(unzipped(path) if zipped else path, schema=schema)
                return whole.lazy().explode("Records").select(
                    id=at("Records", "eventID"),
                    identity=pl.coalesce(at(*who, "sessionContext", "sessionIssuer", "arn"), at(*who, "arn")),
                    credential=at(*who, "accessKeyId"),
                    action=at("Records", "eventSource") + ":" + at("Records", "eventName"),
                    resource=at("Records", "resources").list.first().struct.field("ARN"),
                    region=at("Records", "awsRegion"), outcome=at("Records", "errorCode"),
                    t=at("Records", "eventTime")).collect()
            source = pl.concat([records(path) for path in files]).lazy()
        elif shape == "kubernetes":
            schema = {"auditID": text, "stage": text, "verb": text, "requestURI": text,
                      "requestReceivedTimestamp": text, "timestamp": text,
                      "impersonatedUser": pl.Struct({"username": text}), "responseStatus": pl.Struct({"code": pl.UInt16}),
                      "user": pl.Struct({"username": text, "extra": pl.Struct({CREDENTIAL: pl.List(text)})}),
                      "objectRef": pl.Struct({"namespace": text, "name": text, "apiGroup": text, "resource": text,
                                              "subresource": text})}
            def of(name): return at("objectRef", name).fill_null("")
            slash = pl.lit("/")
            source = pl.scan_ndjson(files, schema=schema).filter(pl.col("stage") != "RequestReceived").select(
                id="auditID", identity=pl.coalesce(at("impersonatedUser", "username"), at("user", "username")),
                credential=at("user", "extra", CREDENTIAL).list.first(),
                action=pl.col("verb") + " " + pl.when(at("objectRef", "resource").is_not_null())
                    .then(pl.concat_str(of("apiGroup"), slash, of("resource"), slash, of("subresource")))
                    .otherwise(pl.col("requestURI").str.split("?").list.first()),
                resource=pl.concat_str(of("namespace"), slash, of("resource"), slash, of("name")), region=none,
                outcome=at("responseStatus", "code"), t=pl.coalesce("requestReceivedTimestamp", "timestamp"))
        else:
            names = "host ident user stamp zone request status bytes referer agent".split()
            source = pl.scan_csv(files, separator=" ", has_header=False, schema={name: text for name in names}).select(
                id=pl.struct(names).hash(), identity="user", credential=none, region=none, outcome="status", t="stamp",
                action=pl.col("request").str.extract("^([^ ]*)"),
                resource=pl.col("request").str.extract("^[^ ]* ([^ ?]*)"))
        # Within an hour, times sort as their texts do.
        found = source.group_by(*KEYS, hour=pl.col("t").str.slice(0, 15 if shape == "nginx" else 13)).agg(
            n=pl.col("id").n_unique(), f=pl.col("t").min(), l=pl.col("t").max()
        ).select(events=pl.col("n").sum(), groups=pl.len(), f=pl.col("f").min(), l=pl.col("l").max())
        return found.collect(engine="streaming").row(0)[:2]


    """#

  static let pythonProgram = #"""
    def orjson():
        import gc
        from orjson import loads
        gc.disable()
        seen, groups, none = set(), {}, {}
        def count(id, key, t):
            if id in seen: return
            seen.add(id)
            group = groups.get(key)
            if group is None: groups[key] = [1, t, t]
            else:
                group[0] += 1
                if t < group[1]: group[1] = t
                if t > group[2]: group[2] = t
        def read(path):
            if zipped: return unzipped(path)
            with open(path, "rb") as file: return file.read()
        def cloudtrail(text):
            for r in loads(text)["Records"]:
                u = r.get("userIdentity") or none
                issuer = (u.get("sessionContext") or none).get("sessionIssuer") or u
                resources = r.get("resources")
                t = r["eventTime"]
                count(r["eventID"], (issuer.get("arn"), u.get("accessKeyId"), r["eventSource"], r["eventName"],
                    resources[0].get("ARN") if resources else None, r.get("awsRegion"), r.get("errorCode"), t[:13]), t)
        def kubernetes(text):
            for line in text.splitlines():
                r = loads(line)
                if r.get("stage") == "RequestReceived": continue
                u = r["user"]
                credentials = (u.get("extra") or none).get(CREDENTIAL)
                o = r.get("objectRef") or none
                resource = o.get("resource")
                t = r.get("requestReceivedTimestamp") or r["timestamp"]
                count(r["auditID"], ((r.get("impersonatedUser") or u).get("username"),
                    credentials[0] if credentials else None, r["verb"], o.get("apiGroup"), resource,
                    o.get("subresource"), o.get("namespace"), o.get("name"),
                    None if resource else r["requestURI"].split("?", 1)[0],
                    (r.get("responseStatus") or none).get("code"), t[:13]), t)
        def nginx(text):
            for line in text.splitlines():
                head, request, rest, _ = line.split(b'"', 3)
                _, _, user, t, _ = head.split(b" ", 4)
                method, path, _ = request.split(b" ", 2)
                count(line, (user, method, path.split(b"?", 1)[0], rest[1:4], t[:15]), t)
        each = {"cloudtrail": cloudtrail, "kubernetes": kubernetes, "nginx": nginx}[shape]
        for path in files: each(read(path))
        return len(seen), len(groups)


    """#
}
