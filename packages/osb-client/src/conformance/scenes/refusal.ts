import type { SceneContext } from '../scene-context.js'
import { bodyOf, type Sent, statusText } from '../sent.js'

/** The checks that each expected refusal is about, beside its own. */
export const refusalChecks = ['ERR-01', 'ERR-02'] as const

/** Members that no version has, under a name that nobody else uses. */
export const unknownMembers = { 'osb-check.example/unknown': { of: ['no', 'version'] } }

/** Asserts that a request was refused, with the status that the specification names. */
export function expectRefusal(
  { expect, expectStatus }: Pick<SceneContext, 'expect' | 'expectStatus'>,
  check: string,
  sent: Sent,
  ...statuses: readonly number[]
): void {
  expectStatus(check, sent, ...statuses)
  // What has gone wrong must not look like a success, whichever status it has.
  expect('ERR-01', sent.status >= 400, '4xx or 5xx', statusText(sent), sent)
  if (sent.status >= 400) expectStatus('ERR-02', sent, ...statuses)
}

/** Asserts a 422 with one of the codes of the specification. */
export function expectCode(
  { expect }: Pick<SceneContext, 'expect'>,
  checks: readonly string[],
  sent: Sent,
  code: 'AsyncRequired' | 'ConcurrencyError' | 'MaintenanceInfoConflict',
): void {
  const { error } = bodyOf(sent)
  const found = `${statusText(sent)} ${error === undefined ? 'without an error code' : JSON.stringify(error)}`
  const isRight = sent.status === 422 && error === code
  for (const check of checks) expect(check, isRight, `422 with the error "${code}"`, found, sent)
  if (sent.status === 422) expect('ERR-08', error === code, `the error "${code}"`, found, sent)
}
