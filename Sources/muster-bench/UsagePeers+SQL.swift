extension UsagePeer {
  /// ClickHouse and DuckDB. Of several ways to write each, the fastest on 256 MB files of records and on lines.
  static let sqlPrograms = #"""
    def clickhouse():
        import chdb
        # Where a text is compared within an hour only, it sorts as the time does, and nothing is parsed.
        hour = "toStartOfHour(t)"
        if shape == "cloudtrail":
            source = f"""
                SELECT r.eventID AS id, r.userIdentity AS u, u.sessionContext.sessionIssuer.arn AS issuer,
                  if(issuer != '', issuer, u.arn) AS identity, u.accessKeyId AS credential,
                  concat(r.eventSource, ':', r.eventName) AS action, r.resources[1].ARN AS resource,
                  r.awsRegion AS region, r.errorCode AS outcome, r.eventTime AS t
                FROM (SELECT arrayJoin(Records) AS r FROM file('{everything}', 'JSONEachRow', 'Records Array(Tuple(
                  eventID UUID, eventTime DateTime, eventSource String, eventName String, awsRegion String,
                  errorCode String, resources Array(Tuple(ARN String)), userIdentity Tuple(arn String,
                    accessKeyId String, sessionContext Tuple(sessionIssuer Tuple(arn String)))))'))"""
        elif shape == "kubernetes":
            source = f"""
                SELECT auditID AS id, if(impersonatedUser.username != '', impersonatedUser.username, user.username)
                    AS identity, user.extra.`{CREDENTIAL}`[1] AS credential,
                  concat(objectRef.apiGroup, '/', objectRef.resource, '/', objectRef.subresource) AS kind,
                  concat(verb, ' ', if(objectRef.resource != '', kind, cutQueryString(requestURI))) AS action,
                  concat(objectRef.namespace, '/', objectRef.resource, '/', objectRef.name) AS resource, '' AS region,
                  responseStatus.code AS outcome, if(requestReceivedTimestamp != 0, requestReceivedTimestamp, timestamp) AS t
                FROM file('{everything}', 'JSONEachRow', 'auditID UUID, stage String, verb String, requestURI String,
                  requestReceivedTimestamp DateTime64(6), timestamp DateTime64(6),
                  impersonatedUser Tuple(username String), responseStatus Tuple(code UInt16),
                  user Tuple(username String, extra Tuple(`{CREDENTIAL}` Array(String))), objectRef Tuple(
                    namespace String, name String, apiGroup String, resource String, subresource String)')
                WHERE stage != 'RequestReceived'"""
        else:
            # Cut by hand: its readers of CSV and of patterns take longer.
            hour = "substring(t, 1, 15)"
            source = f"""
                SELECT cityHash64(line) AS id, splitByChar('"', line) AS parts, splitByChar(' ', parts[1]) AS head,
                  splitByChar(' ', parts[2]) AS words, head[3] AS identity, '' AS credential, words[1] AS action,
                  cutQueryString(words[2]) AS resource, '' AS region, substring(parts[3], 2, 3) AS outcome, head[4] AS t
                FROM file('{everything}', 'LineAsString', 'line String')"""
        groups, events, *_ = json.loads(str(chdb.query(f"""
            SELECT count(), sum(n), min(f), max(l) FROM (
              SELECT {", ".join(KEYS)}, {hour} AS hour, count() AS n, min(t) AS f, max(t) AS l
              FROM ({source} LIMIT 1 BY id) GROUP BY {", ".join(KEYS)}, hour)
            SETTINGS max_threads=1, max_parsing_threads=1, input_format_parallel_parsing=0,
              date_time_input_format='best_effort', session_timezone='UTC'""", "JSONCompactEachRow")))
        return events, groups


    def duckdb():
        import duckdb
        base = duckdb.connect(config={"threads": 1})
        base.execute("SET preserve_insertion_order=false")
        if shape == "cloudtrail":
            record = {"eventID": "UUID", "eventTime": "TIMESTAMP", "eventSource": "VARCHAR", "eventName": "VARCHAR",
                      "awsRegion": "VARCHAR", "errorCode": "VARCHAR", "resources": [{"ARN": "VARCHAR"}],
                      "userIdentity": {"arn": "VARCHAR", "accessKeyId": "VARCHAR",
                                       "sessionContext": {"sessionIssuer": {"arn": "VARCHAR"}}}}
            # A file is one long line: from a column of text, it is decoded many times as fast as by read_json.
            source = f"""
                SELECT r.eventID AS id, coalesce(r.userIdentity.sessionContext.sessionIssuer.arn, r.userIdentity.arn)
                    AS identity, r.userIdentity.accessKeyId AS credential, r.eventSource || ':' || r.eventName AS action,
                  r.resources[1].ARN AS resource, r.awsRegion AS region, r.errorCode AS outcome, r.eventTime AS t
                FROM (SELECT unnest(from_json(text, '{json.dumps({"Records": [record]})}').Records) AS r
                  FROM read_csv('{everything}', columns={{text: 'VARCHAR'}}, delim='\x01', quote='', escape='',
                    header=false, auto_detect=false, max_line_size=134217728, buffer_size=268435456,
                    compression='{"gzip" if zipped else "none"}'))"""
        elif shape == "kubernetes":
            source = f"""
                SELECT auditID AS id, coalesce(impersonatedUser.username, "user".username) AS identity,
                  "user".extra."{CREDENTIAL}"[1] AS credential, concat(verb, ' ', CASE WHEN objectRef.resource IS NULL
                    THEN split_part(requestURI, '?', 1)
                    ELSE concat(objectRef.apiGroup, '/', objectRef.resource, '/', objectRef.subresource) END) AS action,
                  concat(objectRef.namespace, '/', objectRef.resource, '/', objectRef.name) AS resource, '' AS region,
                  responseStatus.code AS outcome, coalesce(requestReceivedTimestamp, "timestamp") AS t
                FROM read_json('{everything}', format='newline_delimited', columns={{auditID: 'UUID', stage: 'VARCHAR',
                  verb: 'VARCHAR', requestURI: 'VARCHAR', requestReceivedTimestamp: 'TIMESTAMP',
                  "timestamp": 'TIMESTAMP', impersonatedUser: 'STRUCT(username VARCHAR)',
                  responseStatus: 'STRUCT(code USMALLINT)',
                  "user": 'STRUCT(username VARCHAR, extra STRUCT("{CREDENTIAL}" VARCHAR[]))', objectRef: 'STRUCT(
                    namespace VARCHAR, name VARCHAR, apiGroup VARCHAR, resource VARCHAR, subresource VARCHAR)'}})
                WHERE stage <> 'RequestReceived'"""
        else:
            source = f"""
                SELECT hash(l) AS id, l."user" AS identity, '' AS credential, split_part(l.request, ' ', 1) AS action,
                  split_part(split_part(l.request, ' ', 2), '?', 1) AS resource, '' AS region, l.status AS outcome,
                  strptime(l.stamp, '[%d/%b/%Y:%H:%M:%S') AS t
                FROM read_csv('{everything}', delim=' ', quote='"', escape='', header=false, auto_detect=false,
                  columns={{host: 'VARCHAR', ident: 'VARCHAR', "user": 'VARCHAR', stamp: 'VARCHAR', zone: 'VARCHAR',
                    request: 'VARCHAR', status: 'USMALLINT', bytes: 'VARCHAR', referer: 'VARCHAR',
                    agent: 'VARCHAR'}}) AS l"""
        groups, events, *_ = base.execute(f"""
            SELECT count(*), sum(n)::BIGINT, min(f), max(l) FROM (
              SELECT {", ".join(KEYS)}, date_trunc('hour', t) AS hour, count(*) AS n, min(t) AS f, max(t) AS l
              FROM (SELECT DISTINCT ON (id) * FROM ({source})) GROUP BY ALL)""").fetchall()[0]
        return events, groups


    """#
}
