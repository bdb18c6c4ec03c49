extension InventoryFormat {
  /// Google Cloud. What tells the tree of resources and whole accounts stands before what speaks of them.
  static let gcp: [InventoryFormat] = [
    .gcpProjects,
    .gcpAssets,
    .gcpServiceAccounts,
    .gcpServiceAccountKeys,
    .gcpRoles,
    .gcpSearchedPolicies,
    .gcpEffectivePolicies,
    .gcpPolicyAnalysis,
    .gcpAncestorPolicies,
    .gcpPolicies,
    .gcpDenyPolicies,
    .gcpBoundaryPolicies,
    .gcpPolicyBindings,
    .gcpWorkloadPools,
    .gcpWorkloadProviders,
    .gcpAPIKeys,
    .gcpInsights,
    .gcpRecommendations,
    .gcpActivities,
    .gcpGroupMemberships,
    .gcpGroups,
  ]
}
