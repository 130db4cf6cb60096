import { isDeepStrictEqual } from 'node:util'
import type { SceneContext, Target } from '../scene-context.js'
import { bodyOf, type Sent, statusText } from '../sent.js'
import { judgeData, rowsOfFetch } from './binding-data.js'

export const fetchChecks = ['GETB-01', 'GETB-02', 'GETB-07', 'GETB-13', 'GETB-19'] as const

const notRetrievable = 'the offering does not say bindings_retrievable'

/**
 * Fetches a binding that has just been made, twice, and judges what is said of it.
 * @param sync the answer of the bind, where it was a synchronous one
 * @returns the fetch, where it found the binding
 */
export async function playFetch(
  context: SceneContext,
  target: Target,
  sync: Sent | undefined,
): Promise<Sent | undefined> {
  const { call, expect, expectStatus, skip, plan } = context
  if (!plan.traits.bindingsRetrievable) {
    for (const check of fetchChecks) skip(check, notRetrievable)
    return undefined
  }
  const { service_id, plan_id } = plan
  const ids = { ...target, service_id, plan_id }
  const first = await call('fetchBinding', ids, { label: 'a fetch of the new binding' })
  expectStatus('GETB-01', first, 200)
  if (sync) skip('GETB-02', 'the bind was synchronous')
  else expectStatus('GETB-02', first, 200)
  if (first.status !== 200) {
    skip('GETB-13', `the fetch was answered ${statusText(first)}`)
    if (first.status !== 404) expectStatus('GETB-07', first, 200)
    return undefined
  }
  const second = await call('fetchBinding', ids, { label: 'a fetch of the same binding' })
  expectStatus('GETB-07', second, 200)
  judgeData(context, first, rowsOfFetch)
  judgeFetchedCredentials(context, first, sync)
  if (sync) judgeSame(context, sync, first)
  else expect('GETB-07', true, '200 with the binding', statusText(first), first)
  return first
}

/** A service that gives nothing else has credentials, which an asynchronous bind could not give (GETB-13). */
function judgeFetchedCredentials({ plan, expect, skip }: SceneContext, fetched: Sent, sync: Sent | undefined): void {
  if (sync) return skip('GETB-13', 'the bind was synchronous')
  const isThere = typeof bodyOf(fetched)['credentials'] === 'object'
  if (!isThere && (plan.offering.requires ?? []).length > 0)
    return skip('GETB-13', 'the service need not have credentials')
  const found = isThere ? 'there are some' : 'none'
  expect('GETB-13', isThere, 'the credentials, which the 202 of the bind could not give', found, fetched)
}

function judgeSame({ expect, skip }: SceneContext, bound: Sent, fetched: Sent): void {
  const [one, two] = [bound, fetched].map(bodyOf)
  const bothHave = (name: string) => one?.[name] !== undefined && two?.[name] !== undefined
  const isSame = (name: string) => isDeepStrictEqual(one?.[name], two?.[name])
  if (bothHave('credentials')) {
    const found = isSame('credentials') ? 'the same' : 'others'
    expect('GETB-07', isSame('credentials'), 'the credentials that the bind gave', found, bound, fetched)
  }
  if (!bothHave('endpoints')) return skip('GETB-19', 'the binding has no endpoints')
  const found = isSame('endpoints') ? 'the same' : 'others'
  expect('GETB-19', isSame('endpoints'), 'the endpoints that the bind gave', found, bound, fetched)
}
