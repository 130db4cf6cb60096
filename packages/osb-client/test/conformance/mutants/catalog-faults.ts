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

/** Another id in each answer. */
export const changingIds = (where: (offering: Loose) => Loose | undefined): Fault => {
  let number = 0
  return inOffering((offering) => {
    const named = where(offering)
    number += 1
    if (named) named['id'] = `0b5e3f6a-1f0e-4f7b-8a55-${String(number).padStart(12, '0')}`
  })
}

export const answersCatalog = (change: (answer: Answer) => Answer) => () => onAnswer(['catalog'], change)
