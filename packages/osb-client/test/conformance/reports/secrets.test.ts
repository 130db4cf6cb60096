import type { ConformanceReport } from '../../../src/conformance.js'
import { describe, expect, it } from 'vitest'
import { toHtml } from '../../../src/conformance/reports/to-html.js'
import { toJson } from '../../../src/conformance/reports/to-json.js'
import { toJunit } from '../../../src/conformance/reports/to-junit.js'
import { toAnnotations, toMarkdown } from '../../../src/conformance/reports/to-markdown.js'
import { toTerminal } from '../../../src/conformance/reports/to-terminal.js'
import { bodyOf, type Fault, isSuccess, withBody, withFault } from '../brokers/fault.js'
import { referenceBroker } from '../brokers/reference-broker.js'
import { login } from '../brokers/test-broker.js'
import { runChecker } from '../run-checker.js'

const parameterSecret = 'parameter-7f3e'

/** Puts all that a request has said, and the credentials of earlier answers, into each error and each description. */
function blabber(): Fault {
  const heard: string[] = []
  return async (call, next) => {
    const answered = await next(call)
    const { credentials } = bodyOf(answered)
    if (credentials !== undefined) heard.push(JSON.stringify(credentials))
    const said = [call.headers.get('authorization'), call.text, ...heard].join(' ')
    return isSuccess(answered) ? answered : withBody(answered, { ...bodyOf(answered), description: said })
  }
}

/** Answers each bind with another status, so that the checks of binds show its answer. */
const wrongBinds: Fault = async (call, next) => {
  const answered = await next(call)
  return call.operation === 'bind' && answered.status === 201 ? { ...answered, status: 200 } : answered
}

const formats: readonly ((report: ConformanceReport) => string)[] = [
  toHtml,
  toJson,
  toJunit,
  toMarkdown,
  toAnnotations,
  (report) => toTerminal(report, { all: true }),
]
const secrets = [
  login.password,
  btoa(`${login.username}:${login.password}`),
  encodeURIComponent(login.password),
  'secret-of-',
  parameterSecret,
]

describe('a report of a broker that says all that it knows', () => {
  it.each([
    ['in its errors', blabber],
    ['in answers that are wrong', () => wrongBinds],
  ] as const)('%s shows none of it, in any format', async (_where, fault) => {
    const report = await runChecker(withFault(referenceBroker({ only: ['sql', 'cluster'] }), fault()), {
      platforms: ['cf', 'kubernetes'],
      parametersOf: (_plan, action) => (action === 'update' ? undefined : { label: parameterSecret }),
    })
    expect(report.counts.fail + report.counts.warning).toBeGreaterThan(0)
    for (const format of formats) {
      const text = format(report)
      expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
    }
  })
})
