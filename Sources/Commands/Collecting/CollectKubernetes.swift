extension CollectPlan {
  static let kubernetes = CollectPlan(
    platform: "kubernetes", program: "kubectl",
    parameters: [("context", "a context of your kubeconfig")],
    permission: """
      A ClusterRole, bound to whom the context signs in as (secrets are left out: whoever lists them can read them):
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: { name: muster-collect }
      rules:
        - { apiGroups: [""], resources: [serviceaccounts, pods], verbs: [list] }
        - { apiGroups: [rbac.authorization.k8s.io], resources: [roles, clusterroles, rolebindings, clusterrolebindings], verbs: [list] }
        - { apiGroups: [apps], resources: [deployments, daemonsets, statefulsets], verbs: [list] }
        - { apiGroups: [batch], resources: [cronjobs, jobs], verbs: [list] }
      """,
    steps: [
      list("service accounts", "serviceaccounts"),
      list("roles", "roles.rbac.authorization.k8s.io"),
      list("roles of the cluster", "clusterroles.rbac.authorization.k8s.io"),
      list("bindings", "rolebindings.rbac.authorization.k8s.io"),
      list("bindings of the cluster", "clusterrolebindings.rbac.authorization.k8s.io"),
      list("deployments", "deployments.apps"), list("daemon sets", "daemonsets.apps"),
      list("stateful sets", "statefulsets.apps"), list("cron jobs", "cronjobs.batch"), list("jobs", "jobs.batch"),
      list("pods", "pods"),
    ])

  private static func list(_ what: String, _ resource: String) -> CollectStep {
    CollectStep(
      what, ["--context={context}", "get", resource, "--all-namespaces", "-o", "json"],
      to: "{context}/\(resource.prefix { $0 != "." }).json")
  }
}
