import type { CheckOutcome, CheckResult, ConformanceReport, Exchange } from '../../../src/conformance/result.js'

/** What a hostile broker may answer, for every kind of document at once. */
export const hostile = [
  '<script>globalThis.attacked = true</script>',
  '<img src="https://attacker.test/x.png" onerror="globalThis.attacked = true">',
  '"><svg onload=globalThis.attacked=true>',
  ']]></failure></testcase>',
  '\u001b[2J\u001b[31m',
  '\n::error file=a.ts::injected\r\n::set-env name=A::b',
  '```\n</details>\n# heading [link](javascript:alert(1)) @everybody',
  '\u202Egnp.exe\u0000\uD800',
  '</script></style><!--',
].join(' ')

const exchange = (status: number | undefined, body: string): Exchange => ({
  label: 'the first provision',
  request: {
    method: 'PUT',
    url: 'http://broker.test/v2/service_instances/i-1?accepts_incomplete=true',
    headers: { 'X-Broker-API-Version': '2.17', Authorization: '[redacted]', 'Content-Type': 'application/json' },
    body: '{"service_id":"s","plan_id":"p","parameters":{"size":3}}',
  },
  ...(status === undefined
    ? { failure: 'The connection was closed.' }
    : { answer: { status, headers: { 'content-type': 'application/json' }, body } }),
  durationMs: 12.4,
  curl: `curl -X PUT -u "$OSB_USER:$OSB_PASSWORD" -d '{"service_id":"s"}' 'http://broker.test/v2/service_instances/i-1'`,
})

const plan = { service_id: 's', plan_id: 'p', name: 'mysql / small' }

const result = (outcome: CheckOutcome, more: Partial<CheckResult>): CheckResult => ({
  check: 'PROV-13',
  kind: 'check',
  requirements: ['PROV-13'],
  level: 'MUST',
  chapter: 'Provision',
  section: 'Provisioning › Response (S 992)',
  rule: 'Answer 201 if this request created the instance.',
  scene: 'lifecycle',
  plan,
  apiVersion: '2.17',
  outcome,
  assertions: 1,
  exchanges: [exchange(200, '{"dashboard_url":"https://dashboard.test/i-1"}')],
  ...more,
})

const results: readonly CheckResult[] = [
  result('pass', {
    check: 'CAT-11',
    requirements: ['CAT-11'],
    chapter: 'Catalog',
    section: 'Catalog Management › Response (S 404)',
    rule: 'Answer a successful catalog request with 200 and the catalog object.',
    plan: undefined,
  }),
  result('fail', { expected: '201', found: '200' }),
  result('fail', {
    check: 'PROV-19',
    requirements: ['PROV-19'],
    rule: 'Answer 409 if an instance of the same ID exists with different attributes.',
    apiVersion: '2.13',
    expected: '409 with an error',
    found: `500 ${hostile}`,
    exchanges: [exchange(500, JSON.stringify({ description: hostile })), exchange(undefined, '')],
  }),
  result('warning', {
    check: 'RID-04',
    requirements: ['RID-04'],
    level: 'SHOULD',
    chapter: 'Request identity header',
    section: 'Headers › Request Identity (S 230)',
    rule: 'Return the same header on the response.',
    expected: 'X-Broker-API-Request-Identity: 7c1f…',
    found: 'no such header',
  }),
  result('note', {
    check: 'CAT-24',
    requirements: ['CAT-24'],
    level: 'note',
    chapter: 'Catalog',
    section: 'Catalog Management › Service Offering Object (S 441)',
    rule: 'Only known words in `requires`.',
    reason: '`gpu` is no known word.',
  }),
  result('not applicable', {
    check: 'ROT-06',
    requirements: ['ROT-06'],
    chapter: 'Binding rotation',
    section: 'Binding › Binding Rotation (S 1374-1375)',
    rule: 'Keep old and new binding valid side by side.',
    reason: 'No plan says that its bindings can be rotated.',
    exchanges: [],
    assertions: 0,
  }),
  result('warning', {
    check: 'probe:parallel-provisions',
    kind: 'probe',
    requirements: ['PROV-13', 'BLK-02'],
    level: 'note',
    chapter: 'Concurrency',
    section: '',
    rule: 'Of ten identical provisions at the same time one is answered 201.',
    found: 'ten times 201',
  }),
]

const counted = (outcome: CheckOutcome): number =>
  results.filter((one) => one.kind === 'check' && one.outcome === outcome).length

/** A report with everything in it. */
export const sampleReport: ConformanceReport = {
  url: 'http://broker.test/',
  apiVersion: '2.17',
  seed: 42,
  startedAt: '2030-01-02T03:04:05.000Z',
  durationMs: 65_400,
  requests: 120,
  instances: 3,
  verdict: 'does not conform',
  plans: [plan],
  counts: {
    fail: counted('fail'),
    warning: counted('warning'),
    note: counted('note'),
    pass: counted('pass'),
    'not applicable': counted('not applicable'),
  },
  results,
  platforms: [
    {
      platform: 'Cloud Foundry',
      plan,
      works: false,
      catalog: [`the name of a plan ${hostile}`],
      steps: [
        { operation: 'provision', ruling: 'accepts', why: 'it is 201', exchange: exchange(201, '{}') },
        { operation: 'bind', ruling: 'mitigates', why: hostile, exchange: exchange(500, hostile) },
      ],
      app: { VCAP_SERVICES: { mysql: [{ name: hostile, credentials: { password: '[hidden]' } }] } },
    },
    { platform: 'Kubernetes', plan, works: true, catalog: [], steps: [], app: { uri: '[hidden]' } },
  ],
  notVisible: [{ requirement: 'SYN-02', reason: 'Nobody outside knows whether work is surely done.' }],
  leftovers: [{ instance_id: 'i-9', service_id: 's', plan_id: 'p', reason: `the delete was answered 500 ${hostile}` }],
}

/** The same of a broker without a fault. */
export const goodReport: ConformanceReport = {
  ...sampleReport,
  verdict: 'conforms',
  counts: { fail: 0, warning: 0, note: 0, pass: 1, 'not applicable': 1 },
  results: results.filter(({ outcome }) => outcome === 'pass' || outcome === 'not applicable'),
  leftovers: [],
}
