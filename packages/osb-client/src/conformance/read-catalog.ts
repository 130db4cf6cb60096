import type { Catalog } from 'osb-protocol'
import { Findings } from './findings.js'
import { bodyOf, type Sent, statusText } from './sent.js'

/**
 * The catalog as far as it can be worked with: offerings and plans that have no id are left out, and reported by the
 * checks of the catalog. Undefined where there is none.
 */
export function workableCatalog(sent: Sent): Catalog | undefined {
  const { services } = bodyOf(sent)
  if (sent.status !== 200 || !Array.isArray(services)) return undefined
  const workable = services.filter(isOffering).map((offering) => ({ ...offering, plans: offering.plans.filter(hasId) }))
  return { services: workable } as unknown as Catalog
}

type WithId = Readonly<Record<string, unknown>> & { readonly id: string }

const hasId = (value: unknown): value is WithId =>
  typeof value === 'object' && value !== null && typeof (value as { id?: unknown }).id === 'string'

const isOffering = (value: unknown): value is WithId & { readonly plans: readonly unknown[] } =>
  hasId(value) && Array.isArray(value['plans'])

/** Whether an answer in place of a catalog says that the run was begun wrongly, and nothing of the broker. */
export const isNoBroker = ({ status }: Sent): boolean => [0, 401, 403, 404].includes(status)

/** What is found where a broker answers, but with no catalog: that, and that nothing else could be checked. */
export function findingsWithoutCatalog(sent: Sent, checks: readonly string[]): Findings {
  const findings = new Findings()
  const isObject =
    sent.status === 200 && typeof sent.json === 'object' && sent.json !== null && !Array.isArray(sent.json)
  if (isObject) {
    const found = 'services' in sent.json ? 'something else' : 'no services'
    findings.add('CAT-15', { ok: false, expected: 'services, an array of offerings', found, seenIn: [sent] })
  } else
    findings.add('CAT-11', {
      ok: false,
      expected: '200 with the catalog, a JSON object',
      found: sent.status === 200 ? '200 without a JSON object' : statusText(sent),
      seenIn: [sent],
    })
  for (const check of checks) findings.skip(check, 'the broker has answered no catalog')
  return findings
}

/** Why a run cannot begin, for people. */
export function whyNoCatalog({ status, failure }: Sent): string {
  if (status === 0) return `GET /v2/catalog: ${failure ?? 'no answer'}; is the URL right, and the broker up?`
  if (status === 401) return 'GET /v2/catalog: 401; is the login right?'
  return `GET /v2/catalog: ${status}; is the path of the URL right?`
}
