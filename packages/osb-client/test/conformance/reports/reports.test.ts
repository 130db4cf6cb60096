import { describe, expect, it } from 'vitest'
import { toHtml } from '../../../src/conformance/reports/to-html.js'
import { toJson } from '../../../src/conformance/reports/to-json.js'
import { toJunit } from '../../../src/conformance/reports/to-junit.js'
import { toAnnotations, toMarkdown } from '../../../src/conformance/reports/to-markdown.js'
import { toTerminal } from '../../../src/conformance/reports/to-terminal.js'
import { goodReport, hostile, sampleReport } from './sample-report.js'

const brokenRules =
  'This broker breaks 2 rules that the specification makes a MUST, and 1 recommendation. 1 probe found a risk.'

describe('the report for a terminal', () => {
  it('groups by chapter and gives the evidence of each finding', () => {
    const text = toTerminal(sampleReport)
    expect(text).toContain('Provision  2 fail')
    expect(text).toContain('✗ MUST PROV-13  Answer 201 if this request created the instance. (mysql / small)')
    expect(text).toContain('expected 201\n      found    200')
    expect(text).toContain('> PUT http://broker.test/v2/service_instances/i-1?accepts_incomplete=true')
    expect(text).toContain('< 200 in 12 ms')
    expect(text).toContain('$ curl -X PUT')
    expect(text).toContain('! probe:parallel-provisions')
    expect(text).toContain('(mysql / small, API 2.13)')
    expect(text).toContain(brokenRules)
    expect(text).toContain('120 requests, 3 service instances in 1 min 5 s; seed 42')
    expect(text).not.toContain('CAT-11')
  })

  it('lists what passed and what did not apply when asked', () => {
    const text = toTerminal(sampleReport, { all: true })
    expect(text).toContain('✓ MUST CAT-11')
    expect(text).toContain('- MUST ROT-06')
    expect(text).toContain('No plan says that its bindings can be rotated.')
  })

  it('has no control character but line feeds, whatever the broker answers', () => {
    // oxlint-disable-next-line no-control-regex
    expect(toTerminal(sampleReport)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  })

  it('has colours of its own only', () => {
    // oxlint-disable-next-line no-control-regex
    const codes = new Set(toTerminal(sampleReport, { color: true }).match(/\u001b[^m]*m/g))
    expect([...codes].toSorted()).toEqual(
      ['\u001b[0m', '\u001b[1m', '\u001b[2m', '\u001b[31m', '\u001b[33m', '\u001b[36m', '\u001b[32m'].toSorted(),
    )
  })

  it('cuts long bodies and says so', () => {
    expect(toTerminal(sampleReport, { bodyCharacters: 10 })).toMatch(/… \(\d+ characters\)/)
  })

  it('says that all is well where it is', () => {
    expect(toTerminal(goodReport)).toContain('This broker keeps every MUST and every SHOULD that was checked.')
  })
})

describe('the report as JSON', () => {
  it('has a version, the verdict in a sentence and all of the report', () => {
    const { version, summary, ...report } = JSON.parse(toJson(sampleReport)) as Record<string, unknown>
    expect(version).toBe(1)
    expect(summary).toBe(brokenRules)
    // A lone half of a character cannot be had back from well-formed text.
    expect(report).toEqual(JSON.parse(JSON.stringify(sampleReport)))
  })
})

describe('the report as JUnit XML', () => {
  const xml = toJunit(sampleReport)

  it('has a suite for each chapter, with failures, output and skips', () => {
    expect(xml).toContain(
      '<testsuites name="Open Service Broker API conformance" tests="7" failures="2" time="65.400">',
    )
    expect(xml).toContain('<testsuite name="Provision" tests="2" failures="2" skipped="0"')
    expect(xml).toContain('<failure type="MUST" message="200">')
    expect(xml).toContain('<skipped message="No plan says that its bindings can be rotated."/>')
    expect(xml).toContain('<system-out>warning: Return the same header on the response.')
  })

  it('is well-formed, whatever the broker answers', () => {
    const open: string[] = []
    for (const [tag, slash, name] of xml
      .replace(/^<\?xml.*\?>/, '')
      .matchAll(/<(\/?)([a-z-]+)(?: [a-z]+="[^"<]*")*\/?>/g)) {
      if (slash === '/') expect(open.pop()).toBe(name)
      else if (!tag.endsWith('/>')) open.push(name ?? '')
    }
    expect(open).toEqual([])
    // oxlint-disable-next-line no-control-regex
    expect(xml.replace(/<\/?[a-z-]+(?: [a-z]+="[^"<]*")*\/?>|^<\?xml.*\?>/g, '')).not.toMatch(/[<\u0000\u001b\uD800]/)
  })
})

describe('the report for GitHub', () => {
  it('has the verdict, a table of chapters and the findings in Markdown', () => {
    const text = toMarkdown(sampleReport)
    expect(text).toContain(`## ❌ ${brokenRules}`)
    expect(text).toContain('| Provision | 2 | 0 | 0 | 0 | 0 |')
    expect(text).toContain('- ❌ **Cloud Foundry** (mysql / small): does not work')
    expect(text).toContain('- ✅ **Kubernetes** (mysql / small): works')
    expect(text).toContain('<b>MUST PROV\\-13</b> Answer 201')
    expect(text).toContain('(<https://github.com/openservicebrokerapi/servicebroker/blob/v2.17/spec.md?plain=1#L992>)')
  })

  it('lets no markup of the broker through', () => {
    const text = toMarkdown(sampleReport)
    const fenced = /(`{3,})http\n[^]*?\n\1(?=\n|$)/g
    const running = text.replaceAll(fenced, '')
    expect(running).not.toMatch(/<script|<img|<svg|(?<!\\)\[link|@everybody/)
    expect(running.match(/<\/details>/g)?.length).toBe(running.match(/<details>/g)?.length)
  })

  it('is one workflow command a line, and only its own', () => {
    const lines = toAnnotations(sampleReport).trimEnd().split('\n')
    expect(lines).toHaveLength(5)
    expect(lines[0]).toBe(
      '::error title=MUST PROV-13::Answer 201 if this request created the instance. (mysql / small): 200',
    )
    expect(lines.map((line) => /^::(\w+) title=/.exec(line)?.[1])).toEqual([
      'error',
      'error',
      'warning',
      'notice',
      'notice',
    ])
  })
})

describe('the report as HTML', () => {
  const page = toHtml(sampleReport)

  it('has verdict, chapters and every result', () => {
    expect(page).toContain(brokenRules)
    expect(page.match(/<details class="result /g)).toHaveLength(sampleReport.results.length)
    expect(page).toContain('curl -X PUT')
    expect(page).toContain('What cannot be seen from outside')
    expect(page.match(/<details class="platform /g)).toHaveLength(2)
  })

  it('loads nothing and says so in its policy', () => {
    expect(page).toMatch(
      /Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'"/,
    )
    const tags = page.replace(/<(style|script)>[^]*?<\/\1>/g, '').match(/<[a-z][^>]*>/g) ?? []
    expect(tags.filter((tag) => /^<(link|img|iframe|object|embed|base)\b| (src|style|on\w+)=/.test(tag))).toEqual([])
    expect(page).not.toMatch(/@import|url\(/)
  })

  it('has no element of what the broker answers', () => {
    expect(page.match(/<script/g)).toHaveLength(1)
    expect(page.match(/<svg/g)).toHaveLength(5)
    expect(page).not.toContain(hostile.slice(0, 20))
    expect(page).toContain('&lt;script&gt;globalThis.attacked = true&lt;/script&gt;')
  })
})
