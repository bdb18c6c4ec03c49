import Base
import Expressions
import Testing

struct EvaluationTests {
  @Test(arguments: [
    ("identity.handle == 'robot' && identity.uses > 3", "true"),
    ("identity.environments.exists(e, e.startsWith('pr'))", "true"),
    ("identity.environments.all(e, glob(e, 'prod*'))", "false"),
    ("age(identity.lastUsed) > days(30)", "true"),
    ("age(identity.lastUsed) == span('51d')", "true"),
    ("identity.?owner.team.orValue('nobody')", "\"nobody\""),
    ("has(identity.owner) ? identity.owner.team : 'none'", "\"none\""),
    ("identity.lastUsed.getFullYear('Europe/Zurich')", "2026"),
    ("globAny(identity.handle, ['x*', 'rob?t'])", "true"),
    ("'prod' in identity.environments", "true"),
    ("{'a': 1, 'b': [2, 3]}.b[1]", "3"),
    ("[3, 1, 2].sort()", "[1, 2, 3]"),
    ("['b', 'a'].sortBy(x, x)", "[\"a\", \"b\"]"),
    ("[1, [2, [3]]].flatten(2)", "[1, 2, 3]"),
    ("sets.contains(['a', 'b'], identity.environments)", "false"),
    (
      "'k=v; k2=v2'.split('; ').transformMapEntry(i, x, {x.split('=')[0]: x.split('=')[1]})",
      "{\"k\": \"v\", \"k2\": \"v2\"}"
    ),
    ("regex.replace('a1b22', '[0-9]+', '<\\\\0>')", "\"a<1>b<22>\""),
    ("regex.extractAll('id:1, id:2', 'id:([0-9])')", "[\"1\", \"2\"]"),
    ("type(identity)", "Identity"),
    ("cel.bind(x, identity.uses, x * x)", "49"),
    ("cidr('10.0.0.0/8').containsIP('10.2.3.4')", "true"),
    ("'é' == 'e\\u0301'", "false"),
    ("string(1.5e300)", "\"1.5e+300\""),
    ("optional.of(1).orValue(1 / 0)", "1"),
  ])
  func evaluates(text: String, expected: String) throws {
    let identity = TestIdentity(
      "robot", lastUsed: try instant("2026-10-01"), environments: ["prod", "dev"], uses: .int(7))
    #expect(try evaluate(text, identity).literalText == expected)
  }

  @Test(
    arguments: [
      ("'tacocat'.indexOf('a', 30)", nil), ("'tacocat'.lastIndexOf('a', 30)", nil),
      ("'tacocat'.lastIndexOf('a', -1)", nil),
      ("'tacocat'.indexOf('', 7)", "7"), ("'%s, %s'.format([dyn(32), dyn(56.8)])", "\"32, 56.8\""),
      ("'%s'.format([{'strKey': 'x', 6: duration('422s'), true: 42}])", "\"{6: 422s, strKey: x, true: 42}\""),
      ("'%x'.format([0.5])", nil), ("{true: dyn(0)}[?false].absent.hasValue()", "false"), ("{null: 1}[null]", nil),
      ("(has({}.x) ? optional.of({}.x) : optional.none()).hasValue()", "false"),
      ("[0, 'foo', 5].all(i, v, v % 3 == i)", nil),
      ("optional.none() == optional.of(1)", "false"), ("[3, 2, 1, 0].existsOne(i, v, v / i > 1)", nil),
      ("{1: 1, 2: 4, 3: 9}.map(x, x * x)", "[1, 4, 9]"), ("type(dyn([1, 'one']))", "list"),
      ("string(-4.5e-3)", "\"-0.0045\""),
      ("timestamp('9999-12-31T23:59:59.999999999Z') + duration('1ns')", nil), ("uint(1e19)", "10000000000000000000u"),
      ("ip('2001:db8:::68')", nil), ("ip('2001:db8::1') == ip('2001:DB8::1')", "true"), ("cidr('192.168.0.0/')", nil),
      ("math.sqrt(dyn(49))", "7"), ("'''a\r\nb''' == 'a\\r\\nb'", "true"), ("b'\\u0041'", nil), ("'\\ud800'", nil),
      ("'\\U0010ffff'.size()", "1"), ("r'\\n'.size()", "2"), ("b'é'.size()", "2"),
      ("0x7fffffffffffffff", "9223372036854775807"),
      (".5 + 1e-1", "0.6"), ("[1, 2,][1]", "2"), ("{'a': 1,}.a // comment", "1"),
    ] as [(String, String?)])
  func keepsToTheSuiteInTheCorners(text: String, expected: String?) {
    let value = (try? testEnvironment.compileUnchecked(text))?.evaluate(Evaluation(testEnvironment))
    guard let value, !value.isFailure else {
      #expect(expected == nil)
      return
    }
    #expect(value.literalText == expected)
  }

  @Test(arguments: [
    ("[1, 2, 2].isSorted() && ![2, 1].isSorted()", "true"), ("[1, 2, 3].sum()", "6"), ("[].sum()", "0"),
    ("[duration('1h'), duration('30m')].sum()", "duration(\"5400s\")"),
    ("['b', 'a'].min() + ['b', 'a'].max()", "\"ab\""),
    ("'abc 123'.find('[0-9]+')", "\"123\""), ("'1 2 3'.findAll('[0-9]', 2)", "[\"1\", \"2\"]"),
    ("quantity('1.5Gi').asInteger()", "1610612736"), ("quantity('250m').add(quantity('0.75')).isInteger()", "true"),
    ("quantity('1k') == quantity('1000') && quantity('1Ki').isGreaterThan(quantity('1k'))", "true"),
    ("isQuantity('1.2.3') || isQuantity('x') || isQuantity('')", "false"), ("string(quantity('-1500m'))", "\"-1.5\""),
    ("quantity('3e6').sub(1).compareTo(quantity('3M'))", "-1"),
    ("semver('1.2.3-rc.2').isLessThan(semver('1.2.3-rc.10'))", "true"),
    ("semver('1.2.3-rc').isLessThan(semver('1.2.3'))", "true"),
    ("semver('10.2.3').major() + semver('1.2.3').patch()", "13"), ("isSemver('1.2') || isSemver('01.2.3')", "false"),
    ("semver('v1.2', true) == semver('1.2.0')", "true"),
    ("url('https://u@h.example:8443/a%20b?x=1&y=2&x=%33').getHost()", "\"h.example:8443\""),
    ("url('https://h.example:8443/a%20b?x=1&y=2&x=%33').getQuery()", "{\"x\": [\"1\", \"3\"], \"y\": [\"2\"]}"),
    ("url('http://[::1]:80/p').getHostname() + url('http://[::1]:80/p').getPort()", "\"::180\""),
    ("url('/p/q?x').getEscapedPath()", "\"/p/q\""), ("isURL('p') || isURL('http://h:x/') || isURL('1://')", "false"),
  ])
  func knowsKubernetesFunctions(text: String, expected: String) throws {
    #expect(try evaluate(text).literalText == expected)
  }

  @Test(arguments: [
    ("identity.owner.team == 'x'", "no such key: owner", "owner"),
    ("1 / (identity.uses - 7)", "division by zero", "/"),
    ("[1, 2][identity.uses]", "index out of range: 7, the list has 2 elements", "[identity.uses]"),
    ("'x'.matches(identity.handle + '(')", "the regular expression is refused: missing ): robot(", "matches"),
    (
      "duration(identity.handle)", "\"robot\" is not a duration: a number with a unit (ns, us, ms, s, m, h)", "duration"
    ),
    ("dyn(identity.uses).team", "int has no fields, so no `team`", "team"),
    ("identity.uses + 9223372036854775807", "integer overflow", "+"),
    ("{identity.handle: 1, 'robot': 2}", "repeated key: robot", "'robot'"),
  ])
  func givesErrorsAsValuesWithPlaces(text: String, message: String, place: String) throws {
    guard case .error(let error) = try evaluate(text, TestIdentity("robot", uses: .int(7))) else {
      Issue.record("no error")
      return
    }
    let range = try #require(error.range)
    #expect(error.message == message)
    #expect(String(decoding: Array(text.utf8)[range.start..<range.end], as: UTF8.self) == place)
  }

  /// Three subjects: what is false, true, unknown, an error.
  static let four = ["identity.enabled", "!identity.enabled", "identity.uses == 1", "identity.owner.left"]

  @Test func absorbsUnknownsAndErrors() throws {
    // u: unknown, e: error, t, f
    let identity = TestIdentity("x", enabled: .bool(true), uses: .unknown("no logs"))
    let parts = [
      "t": "identity.enabled", "f": "!identity.enabled", "u": "identity.uses == 1", "e": "identity.owner.left",
    ]
    let expected: [String: String] = [
      "t&&t": "t", "t&&f": "f", "f&&f": "f", "t&&u": "u", "f&&u": "f", "t&&e": "e", "f&&e": "f", "u&&e": "u",
      "t||t": "t", "t||f": "t", "f||f": "f", "t||u": "t", "f||u": "u", "t||e": "t", "f||e": "e", "u||e": "u",
      "u&&u": "u", "e&&e": "e",
    ]
    for (key, wanted) in expected {
      let (a, b, sign) = (key.prefix(1), key.suffix(1), key.dropFirst().dropLast())
      let (left, right) = (try #require(parts["\(a)"]), try #require(parts["\(b)"]))
      for text in ["\(left) \(sign) \(right)", "\(right) \(sign) \(left)"] {
        #expect(letter(try answer(text, identity)) == wanted, "\(text)")
        #expect(letter(try evaluate(text, identity)) == wanted, "\(text)")
      }
    }
  }

  @Test func joinsReasonsOfUnknowns() throws {
    let identity = TestIdentity("x", enabled: .unknown("no inventory"), uses: .unknown("no logs"))
    guard case .unknown(let reasons) = try answer("identity.uses > 3 && identity.enabled && 1 / 0 > 0", identity) else {
      Issue.record("not unknown")
      return
    }
    #expect(reasons == ["no inventory", "no logs"])
  }

  @Test(arguments: [
    ("[1, 2].exists(x, x == 2 || identity.enabled)", "t"), ("[1, 2].exists(x, x == 3 || identity.enabled)", "u"),
    ("[1, 2].all(x, x == 2 && identity.enabled)", "f"), ("[1, 2].all(x, x < 3 && identity.enabled)", "u"),
    ("[1, 2].exists_one(x, identity.enabled)", "u"), ("[1, 2].filter(x, identity.enabled).size() == 0", "u"),
    ("identity.enabled ? true : false", "u"), ("has(identity.enabled)", "u"), ("[identity.enabled].size() == 1", "u"),
    ("identity.enabled == true", "u"), ("[identity.enabled, 1 / 0 == 0].size() == 2", "u"),
    ("[1].all(x, identity.owner.left || identity.enabled)", "u"),
  ])
  func carriesUnknownsThroughMacros(text: String, expected: String) throws {
    #expect(letter(try answer(text, TestIdentity("x", enabled: .unknown("?")))) == expected)
  }

  @Test func computesVariablesOncePerSubject() throws {
    let environment = try testEnvironment.adding(lazy: "variables.big", "identity.uses * 2")
      .adding(lazy: "variables.bigger", "variables.big + [1].map(x, x)[0]")
    let program = try environment.compile("[1, 2].map(i, i + variables.bigger + variables.big)")
    let evaluation = Evaluation(environment)
    evaluation[0] = .object(TestIdentity("a", uses: .int(3)))
    #expect(program.evaluate(evaluation).literalText == "[14, 15]")
    evaluation[0] = .object(TestIdentity("a", uses: .int(5)))
    #expect(program.evaluate(evaluation).literalText == "[22, 23]")
  }

  @Test func limitsCost() throws {
    let list = "[0,1,2,3,4,5,6,7,8,9]"
    let deep =
      "\(list).all(a, \(list).all(b, \(list).all(c, \(list).all(d, \(list).all(e, \(list).all(f, \(list).all(g, a >= 0)))))))"
    guard case .error(let error) = try evaluate(deep) else {
      Issue.record("not stopped")
      return
    }
    #expect(error.message.hasPrefix("the cost limit of 10000000 was reached"))
    guard case .error = try evaluate("true || \(deep)") else { return }
    Issue.record("a decided || went on")
  }

  /// Sixty doublings of a shared part: small in memory, endless to walk.
  @Test(arguments: [
    "b == a", "[b] == [a]", "'%s'.format([b])", "[a].distinct()", "b in [a]", "{'x': a} == {'x': b}", "[a].indexOf(b)",
    "sets.contains([a], [b])", "optional.of(a) == optional.of(b)", "b.flatten(60)",
  ])
  func stopsAtEndlessValues(text: String) throws {
    var whole = text
    for name in ["a", "b"] {
      var body = "x60"
      for number in (1...60).reversed() { body = "cel.bind(x\(number), [x\(number - 1), x\(number - 1)], \(body))" }
      whole = "cel.bind(\(name), cel.bind(x0, [identity.uses], \(body)), \(whole))"
    }
    guard case .error = try evaluate(whole, costLimit: 200_000) else {
      Issue.record("not stopped")
      return
    }
    #expect(try evaluate(whole.replacing(text, with: "a")).displayText.utf8.count < 70_000)
    #expect(try evaluate(whole.replacing(text, with: "a.size()")).literalText == "2")
  }

  @Test func limitsSizeOfValues() throws {
    var text = "x0"
    for number in (1...60).reversed() {
      text = "cel.bind(x\(number), x\(number - 1) + x\(number - 1), \(number == 60 ? "x60" : text))"
    }
    let whole = "cel.bind(x0, identity.handle, \(text)).size()"
    #expect(letter(try evaluate(whole)) == "e")
  }

  private func letter(_ value: Value) -> String {
    switch value {
    case .bool(let value): value ? "t" : "f"
    case .unknown: "u"
    case .error: "e"
    default: "?"
    }
  }

  private func letter(_ answer: Program.Answer) -> String {
    switch answer {
    case .yes: "t"
    case .no: "f"
    case .unknown: "u"
    case .error: "e"
    }
  }
}
