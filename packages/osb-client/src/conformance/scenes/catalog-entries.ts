import type { SceneContext } from '../scene-context.js'
import { bodyOf, type Sent } from '../sent.js'

/** Something of the catalog as it was sent, right or wrong, and where it stands. */
export interface Entry {
  readonly where: string
  readonly value: Readonly<Record<string, unknown>>
}

/** An offering, and its plans. */
export interface OfferingEntry extends Entry {
  readonly plans: readonly Entry[]
}

/** The offerings of an answer, without those that are no objects: the checks of their shape report these. */
export function offeringsIn(catalog: Sent): readonly OfferingEntry[] {
  return entriesIn('services', bodyOf(catalog)['services']).map((offering) => ({
    ...offering,
    plans: entriesIn(`${offering.where}/plans`, offering.value['plans']),
  }))
}

/** What an object holds at a name, as entries. */
export function entriesIn(where: string, list: unknown): readonly Entry[] {
  if (!Array.isArray(list)) return []
  return list
    .map((value: unknown, index) => ({ where: `${where}/${index}`, value }))
    .filter((entry): entry is Entry => isObject(entry.value))
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Values that stand there more than once. */
export function repeated(values: readonly unknown[]): readonly string[] {
  const texts = values.filter((value): value is string => typeof value === 'string')
  return [...new Set(texts.filter((value, index) => texts.indexOf(value) !== index))]
}

/** Every text of a JSON value, with its place. */
export function textsIn(value: unknown, where: string): readonly { readonly where: string; readonly text: string }[] {
  if (typeof value === 'string') return [{ where, text: value }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => textsIn(inner, `${where}/${name}`))
}

/** Asserts that nothing is wrong; what is, is found. */
export function expectNone(
  { expect }: Pick<SceneContext, 'expect'>,
  check: string,
  expected: string,
  wrong: readonly string[],
  sent: Sent,
): void {
  expect(check, wrong.length === 0, expected, wrong.slice(0, 5).join('; ') || 'so it is', sent)
}
