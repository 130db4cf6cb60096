import { outcomeOf, type OperationName, operationNames, requirementPlaces } from 'osb-protocol'
import { isMalformedResponseError } from '../errors/malformed-response-error.js'
import { readAnswer } from '../operations/read-answer.js'
import { bodyOf, isSuccess, type Sent, statusText } from './sent.js'
import { findRule } from './rules.js'

/** Makes an assertion about one exchange. */
export type ExpectOf = (check: string, ok: boolean, expected: string, found: string) => void

/** The row that names the answer with a status, for operations whose answers have a row each. */
const wholeAnswers: Readonly<Partial<Record<OperationName, Readonly<Record<number, string>>>>> = {
  provision: { 200: 'PROV-12', 201: 'PROV-13', 202: 'PROV-14' },
  bind: { 200: 'BIND-22', 201: 'BIND-23', 202: 'BIND-24' },
  update: { 202: 'UPD-24' },
  deprovision: { 202: 'DEP-11' },
  unbind: { 202: 'UNB-12' },
}

/** Checks that any answer may be judged by. */
export const checksOfAnyAnswer: readonly string[] = [
  ...new Set([
    'RID-04',
    'CT-01',
    'ERR-03',
    'ERR-04',
    'ERR-05',
    'ERR-06',
    'SYN-10',
    'LOI-21',
    'LOI-22',
    ...operationNames.flatMap((operation) => Object.values(requirementPlaces(operation))),
    ...Object.values(wholeAnswers).flatMap((rows) => Object.values(rows)),
  ]),
].filter((id) => findRule(id))

/** What the schema of an answer holds, by the place that a fault would be found at. */
interface Reading {
  readonly issues: readonly {
    readonly pointer: string
    readonly message: string
    readonly requirement?: string | undefined
  }[]
}

/** The faults that the client's own reader finds in an answer. */
function readingOf(operation: OperationName, sent: Sent, acceptsIncomplete: boolean): Reading {
  try {
    const body = { text: sent.text }
    readAnswer(
      {
        operation,
        requestIdentity: '',
        acceptsIncomplete,
        conditional: true,
        mitigationOf: () => 'none',
        redact: (text) => text,
        nowMs: Date.now(),
      },
      { status: sent.status, header: sent.header, body },
    )
    return { issues: [] }
  } catch (error) {
    if (isMalformedResponseError(error)) return { issues: error.issues }
    throw error
  }
}

/** Asserts what holds for any answer, whatever was asked. */
export function judgeAnswer(sent: Sent, expect: ExpectOf): void {
  if (sent.status === 0) return
  judgeIdentity(sent, expect)
  judgeContentType(sent, expect)
  if (!isSuccess(sent)) judgeError(sent, expect)
  const { operation } = sent
  if (operation === undefined || outcomeOf(operation, sent.status) === undefined) return
  const acceptsIncomplete = /[?&]accepts_incomplete=true(&|$)/.test(sent.path)
  if (sent.status === 202)
    expect('SYN-10', acceptsIncomplete, 'no 202 without accepts_incomplete=true', statusText(sent))
  judgeBody(operation, sent, acceptsIncomplete, expect)
  judgeBeyondReading(operation, sent, expect)
}

/** What the client, being lenient, reads without complaint. */
function judgeBeyondReading(name: OperationName, sent: Sent, expect: ExpectOf): void {
  const { description, instance_usable, update_repeatable, state, operation } = bodyOf(sent)
  if (name === 'lastInstanceOperation') {
    if (description === '') expect('LOI-20', false, 'a description that is not empty', 'an empty one')
    if (state === 'failed') return
    expect('LOI-21', instance_usable === undefined, 'no instance_usable unless it failed', shown(instance_usable))
    expect('LOI-22', update_repeatable === undefined, 'no update_repeatable unless it failed', shown(update_repeatable))
  } else if (name === 'update' && (operation === null || operation === ''))
    expect('UPD-46', false, 'an operation that is a text, or none', shown(operation))
}

const shown = (value: unknown): string => (value === undefined ? 'not there' : JSON.stringify(value))

function judgeIdentity(sent: Sent, expect: ExpectOf): void {
  const entry = Object.entries(sent.headers).find(([name]) => name.toLowerCase() === 'x-broker-api-request-identity')
  if (!entry) return
  const echo = sent.header('x-broker-api-request-identity')
  expect('RID-04', echo === entry[1], `the request's identity ${entry[1]}`, echo ?? 'no such header')
}

function judgeContentType(sent: Sent, expect: ExpectOf): void {
  if (sent.text === '') return
  const type = sent.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  expect('CT-01', type === 'application/json', 'application/json', type ?? 'no content type')
}

function judgeError(sent: Sent, expect: ExpectOf): void {
  if (sent.status < 400) return
  const { error, description } = bodyOf(sent)
  const isObject =
    sent.text === '' || (typeof sent.json === 'object' && sent.json !== null && !Array.isArray(sent.json))
  const isText = error === undefined || (typeof error === 'string' && error !== '')
  expect(
    'ERR-03',
    isObject && isText,
    'a JSON object, whose error is a text',
    sent.text.slice(0, 80) || 'an empty body',
  )
  if (description !== undefined)
    expect(
      'ERR-04',
      typeof description === 'string' && description !== '',
      'a description that is a text',
      JSON.stringify(description).slice(0, 80),
    )
  judgeHints(sent, expect)
}

function judgeHints(sent: Sent, expect: ExpectOf): void {
  const { operation } = sent
  if (operation === undefined) return
  const { instance_usable, update_repeatable } = bodyOf(sent)
  if (operation !== 'update') {
    expect('ERR-06', update_repeatable === undefined, 'no update_repeatable', shown(update_repeatable))
    if (operation !== 'deprovision')
      expect('ERR-05', instance_usable === undefined, 'no instance_usable', shown(instance_usable))
  }
}

/** A text, but of several hosts, which the schema lets pass. */
function judgeHosts(sent: Sent, expect: ExpectOf): void {
  const { endpoints } = bodyOf(sent)
  for (const endpoint of Array.isArray(endpoints) ? (endpoints as readonly unknown[]) : []) {
    const host = (endpoint as { readonly host?: unknown } | null)?.host
    if (typeof host === 'string') expect('END-01', !/[\s,;]/.test(host), 'one host name or one IP address', host)
  }
}

/** Each place that is there, or should be, is an assertion about its row. */
function judgeBody(operation: OperationName, sent: Sent, acceptsIncomplete: boolean, expect: ExpectOf): void {
  judgeHosts(sent, expect)
  const { issues } = readingOf(operation, sent, acceptsIncomplete)
  const places = requirementPlaces(operation)
  // What no row rules breaks the one that says what is answered.
  const whole = wholeAnswers[operation]?.[sent.status] ?? places['']
  const faults = new Map(
    issues.map(({ pointer, message, requirement }) => [
      requirement ?? rowOfItem(places, pointer) ?? whole,
      `${pointer || 'the body'} ${message}`,
    ]),
  )
  for (const [place, row] of Object.entries(places)) {
    const fault = faults.get(row)
    if (!findRule(row) || (fault === undefined && !isThere(sent.json, place === '' ? [] : place.split('/')))) continue
    expect(row, fault === undefined, `${place || 'the body'} as the specification has it`, fault ?? 'it is')
  }
  const fault = faults.get(whole)
  if (fault !== undefined && whole !== undefined && whole !== places[''])
    expect(whole, false, 'the body as the specification has it', fault)
}

/** Of what is no object, the first member that an object there has to have is missing. */
function rowOfItem(places: Readonly<Record<string, string>>, pointer: string): string | undefined {
  const item = pointer.slice(1).replaceAll(/(?<=^|\/)\d+(?=\/|$)/g, '*')
  return item.endsWith('/*') ? Object.entries(places).find(([place]) => place.startsWith(`${item}/`))?.[1] : undefined
}

function isThere(value: unknown, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return value !== undefined
  if (first === '*') return Array.isArray(value) && value.some((item) => isThere(item, rest))
  return typeof value === 'object' && value !== null && isThere((value as Record<string, unknown>)[first], rest)
}
