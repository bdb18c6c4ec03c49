// AWS CloudTrail records out of a buffer of JSON: whole buffer in, flat events out; no call per value.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A piece of text: in the window, or in the batch's `arena` (text that had escapes) when `muster_slice_in_arena` is set.
/// Offset 0 means that there is none.
typedef struct {
  uint32_t offset, length;
} muster_slice;

enum { muster_slice_in_arena = 0x80000000u };

enum {
  muster_trail_identity_hidden = 1,  // `userIdentity` is a text, such as HIDDEN_DUE_TO_SECURITY_REASONS
  muster_trail_data_event = 2,       // `managementEvent` is false
  muster_trail_digest = 4,           // a digest file of CloudTrail, not a log
  muster_trail_repaired = 8,         // bytes that are no text were replaced by U+FFFD
};

/// One record. Texts are as the record has them; numbers and booleans are kept as their own text, whole numbers in plain digits.
typedef struct {
  uint32_t begin, end;               // the record's bytes in the window
  uint32_t first_mention, mentions;  // its part of the batch's `mentions`
  uint32_t flags;
  muster_slice time, id, shared_id, source, name, region, address, agent, error, account, type, category;
  // userIdentity
  muster_slice identity_type, principal, arn, identity_account, key, user, invoked_by, issuer, created, source_identity;
  muster_slice behalf_user, behalf_store;
  // responseElements of calls that issue credentials, and of ConsoleLogin
  muster_slice issued_key, issued_session, made_key, made_key_user, login;
  muster_slice subject;              // of the certificate that Roles Anywhere gave a session
  // additionalEventData
  muster_slice bytes_in, bytes_out;
} muster_trail_event;

/// Keys of requestParameters that name what a call was about.
#define MUSTER_PARAMETERS(X) \
  X(accessKeyId) X(bucketName) X(key) X(userName) X(roleName) X(groupName) X(policyArn) X(instanceProfileName) \
  X(roleArn) X(secretId) X(keyId) X(tableName) X(functionName) X(queueUrl) X(topicArn) X(name) X(status) \
  X(streamName) X(logGroupName) X(repositoryName) X(clusterName) X(stackName) X(instanceId) X(imageId) \
  X(snapshotId) X(volumeId) X(groupId) X(vpcId) X(subnetId) X(dBInstanceIdentifier) X(dBClusterIdentifier) \
  X(dBSnapshotIdentifier) X(stateMachineArn) X(resourceArn) X(resourceARN) X(modelId) X(detectorId) X(serialNumber) \
  X(sAMLProviderArn) X(openIDConnectProviderArn) X(certificateArn) X(trailName) X(trustAnchorArn) X(profileArn) \
  X(names) X(target) X(instanceIds) X(secretIdList) X(instancesSet)

/// What a record names: a member of `resources`, or of `requestParameters` by its key.
typedef enum {
  muster_mention_arn,
  muster_mention_arn_prefix,
#define MUSTER_PARAMETER(name) muster_mention_##name,
  MUSTER_PARAMETERS(MUSTER_PARAMETER)
#undef MUSTER_PARAMETER
  muster_mention_kinds
} muster_mention_kind;

typedef struct {
  muster_slice text;
  uint32_t kind;
} muster_mention;

typedef enum {
  muster_bad_syntax,           // no JSON from here on
  muster_bad_cut_short,        // the input ends inside the record
  muster_bad_open,             // the next record begins before it ends
  muster_bad_not_object,       // a record that is no object
  muster_bad_type,             // a field is not a text
  muster_bad_duplicate,        // a field stands twice
  muster_bad_text,             // a field that AWS writes is no Unicode text
  muster_bad_records,          // `Records` is no list
  muster_bad_separator,        // a comma too many, or none
  muster_bad_nested,           // a text that holds JSON elsewhere holds none here
} muster_bad_reason;

/// A record that cannot be read: where it begins, and the byte that is wrong.
typedef struct {
  uint32_t begin, place;
  muster_bad_reason reason;
  uint32_t records_before;     // events of the batch that stand before it
} muster_bad_record;

typedef struct {
  const muster_trail_event *events;
  size_t event_count;
  const muster_mention *mentions;
  const uint8_t *arena;
  const muster_bad_record *bad;
  size_t bad_count;
  size_t consumed;             // bytes that need not be shown again
} muster_trail_batch;

typedef struct muster_trail muster_trail;

/// A reader of one stream at a time, for one thread. NULL when out of memory.
muster_trail *muster_trail_open(void);
void muster_trail_close(muster_trail *);

/// Forgets where the last stream ended.
void muster_trail_restart(muster_trail *);

/// Takes the next window of the stream: the unconsumed rest of the one before, followed by new bytes. 64 bytes after `length`
/// must be writable. With `last`, nothing follows and all is consumed; else a window whose first record does not end in it
/// consumes nothing. What the batch points to lives until the next call.
void muster_trail_scan(muster_trail *, uint8_t *text, size_t length, bool last, muster_trail_batch *);

/// Gives up the record at the start of the window as too long; the next window is searched for the next one.
void muster_trail_pass_over(muster_trail *);

#ifdef __cplusplus
}
#endif
