import Model
import Testing

@Suite struct CoversTests {
  @Test(arguments: [
    ("k8s:pay/runner", ["k8s:prod"], "k8s:prod/pay/runner"),
    ("k8s:user:ana", ["aws:1", "k8s:prod"], "k8s:prod/user:ana"),
    ("k8s:other/pay/runner", ["k8s:prod"], "k8s:other/pay/runner"),
    ("k8s:other/user:ana", ["k8s:prod"], "k8s:other/user:ana"),
    ("k8s:pay/runner", ["k8s:*"], "k8s:pay/runner"), ("k8s:pay/runner", ["k8s:a", "k8s:b"], "k8s:pay/runner"),
    ("k8s:pay/runner", [], "k8s:pay/runner"), ("vault:approle/batch", ["vault:eu"], "vault:eu/approle/batch"),
    ("vault:ns=team/approle/batch", ["vault:eu"], "vault:ns=team/approle/batch"),
    ("arn:aws:iam::111122223333:role/r", ["k8s:prod"], "arn:aws:iam::111122223333:role/r"),
  ])
  func takesTheOnlyClusterThatASourceCovers(key: String, covers: [String], completed: String) {
    #expect(PrincipalKey(key).completed(covering: covers).description == completed)
  }
}
