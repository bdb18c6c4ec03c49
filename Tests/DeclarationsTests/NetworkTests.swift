import Testing

@testable import Declarations

@Suite struct NetworkTests {
  @Test(arguments: [
    "10.20.0.0/16", "0.0.0.0/0", "255.255.255.255/32", "::/0", "::1/128", "2001:db8::/32", "fe80::1:0:0/112",
    "1:2:3:4:5:6:7:8/128", "::ffff:10.0.0.0/104", "1::/16",
  ]) func readsBlocks(text: String) throws {
    let network = try #require(Network(text))
    #expect(network == network.cleared)
  }

  @Test(arguments: [
    "", "10.0.0.0", "10.0.0/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08", "256.0.0.0/8",
    "10.0.0.00/8",
    "::/129", "1:2/64", "1::2::3/64", "1:2:3:4:5:6:7:8:9/64", "12345::/16", "g::/16", ":1::/16", "10.0.0.0/8/8", "::/",
    "/8",
    "1:2:3:4:5:6:7::8/128",
  ]) func refusesWhatIsNone(text: String) {
    #expect(Network(text) == nil)
  }

  @Test(arguments: [
    ("10.20.30.40/16", "10.20.0.0/16"), ("10.20.30.47/29", "10.20.30.40/29"),
    ("2001:db8::1/32", "2001:db8:0:0:0:0:0:0/32"),
    ("255.255.255.255/0", "0.0.0.0/0"),
  ]) func clearsTheBitsBehindThePrefix(text: String, cleared: String) {
    #expect(Network(text)?.cleared.description == cleared)
  }
}
