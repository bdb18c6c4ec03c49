import Base
import Documents
import Model

extension InventoryFormat {
  /// `aws iam list-groups`, `list-groups-for-user`, `create-group`, and `get-group` with its members.
  static let awsGroups = InventoryFormat(
    name: "aws-groups",
    recognises: { content in
      guard let object = content.object else { return false }
      return AWSFields.list(object["Group"] ?? object["Groups"]).first?["GroupId"] != nil
        || object["Groups"]?.kind == .sequence && object["Groups"]?.count == 0
    },
    read: { content, reading in
      guard let object = content.object else { return }
      for group in AWSFields.list(object["Group"] ?? object["Groups"]) {
        guard var fact = reading.readAWSIdentity(group, kind: .group, nameKey: "GroupName", idKey: "GroupId") else {
          continue
        }
        fact.unknowable += ["grants"]
        reading.add(fact, at: .node(group))
        for user in object["Group"] == nil ? [] : AWSFields.list(object["Users"]) {
          guard let member = reading.readListedUser(user, isWhole: false) else { continue }
          reading.aws.memberships.append(.init(user: member, groups: [fact.name], place: .node(user)))
        }
      }
    })

  /// `aws iam list-instance-profiles`, `get-instance-profile` and their kin: the roles that machines are given.
  static let awsInstanceProfiles = InventoryFormat(
    name: "aws-instance-profiles",
    recognises: { $0.hasKeys("InstanceProfileId", "Arn") },
    read: { content, reading in
      guard let profile = content.object else { return }
      let roles = AWSFields.list(profile["Roles"])
      if roles.isEmpty { return reading.countFiltered() }
      for role in roles {
        guard let principal = reading.readListedRole(role, isWhole: false), let arn = profile["Arn"]?.text else {
          continue
        }
        let tag = Tag(key: "muster:instance-profile", value: arn)
        reading.update(principal) { if !$0.tags.contains(tag) { $0.tags.append(tag) } }
      }
    })
}
