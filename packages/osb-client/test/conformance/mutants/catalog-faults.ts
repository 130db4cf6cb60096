import { type Answer, type Fault, type Loose, onAnswer, onBody } from '../brokers/fault.js'

export const offeringsOf = (body: Loose): Loose[] =>
  Array.isArray(body['services']) ? (body['services'] as Loose[]) : []
export const plansOf = (offering: Loose): Loose[] =>
  Array.isArray(offering['plans']) ? (offering['plans'] as Loose[]) : []

/** Changes the first offering of the catalog, in place. */
export const inOffering = (change: (offering: Loose, all: Loose[]) => void): Fault =>
  onBody(['catalog'], (body) => {
    const [first, ...others] = offeringsOf(body)
    if (first) change(first, others)
    return body
  })

/** Changes the first plan of the first offering, in place. */
export const inPlan = (change: (plan: Loose, others: Loose[]) => void): Fault =>
  inOffering((offering) => {
    const [first, ...others] = plansOf(offering)
    if (first) change(first, others)
  })

export const setOffering = (field: string, value: unknown) => () =>
  inOffering((offering) => {
    offering[field] = value
  })

export const dropOffering = (field: string) => () =>
  inOffering((offering) => {
    delete offering[field]
  })

export const setPlan = (field: string, value: unknown) => () =>
  inPlan((plan) => {
    plan[field] = value
  })

export const dropPlan = (field: string) => () =>
  inPlan((plan) => {
    delete plan[field]
  })

export const answersCatalog = (change: (answer: Answer) => Answer) => () => onAnswer(['catalog'], change)

/**
 * The catalog has other ids, and nothing else is wrong: requests with them mean what was there before.
 * @param rename the wrong id of the first offering, or of its first plan
 */
export function withOtherId(what: 'offering' | 'plan', rename: () => string): Fault {
  const former = new Map<string, string>()
  const replaced = (text: string): string => [...former].reduce((now, [other, id]) => now.replaceAll(other, id), text)
  const inCatalog = inOffering((offering) => {
    const named = what === 'offering' ? offering : plansOf(offering)[0]
    if (!named) return
    const other = rename()
    former.set(other, String(named['id']))
    named['id'] = other
  })
  return async (call, next) => {
    if (call.operation === 'catalog') return inCatalog(call, next)
    const url = new URL(call.url)
    for (const name of ['service_id', 'plan_id']) {
      const id = former.get(url.searchParams.get(name) ?? '')
      if (id !== undefined) url.searchParams.set(name, id)
    }
    return next({ ...call, url, text: replaced(call.text) })
  }
}

/** Another id in each answer. */
export function changingIds(what: 'offering' | 'plan'): Fault {
  let number = 0
  return withOtherId(what, () => `0b5e3f6a-1f0e-4f7b-8a55-${String((number += 1)).padStart(12, '0')}`)
}
