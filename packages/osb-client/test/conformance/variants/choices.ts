import { bearerAuth, noAuth } from 'osb-server'
import { setTimeout as sleep } from 'node:timers/promises'
import { answer, answerWhen, bodyOf, everything, type Fault, keyOf, onAnswer, onRequest } from '../brokers/fault.js'
import { withQuery } from '../mutants/shared-faults.js'
import { type LegalVariant, variant } from './variant.js'
import { offeringWith } from './change-offering.js'

const token = 'opaque-token-of-the-platform'

const requests: readonly LegalVariant[] = [
  variant('reference', 'Every feature of the specification.'),
  variant('no-version-check', 'The version header is not looked at (VER-04).', { requireApiVersion: false }),
  variant('version-412', 'Only 2.17 is served, other versions are answered 412 (VER-03).', {
    minimumApiVersion: '2.17',
  }),
  variant('missing-version-412', 'A request without a version is answered 412.', {
    liberty: () =>
      answerWhen(
        everything,
        ({ headers }) => !headers.has('x-broker-api-version') && headers.has('authorization'),
        () => answer(412, { description: 'Send X-Broker-API-Version: 2.17.' }),
      ),
  }),
  variant('no-auth', 'There is no authentication (AUTH-06).', { auth: noAuth(), login: 'none' }),
  variant('bearer', 'Platforms come with a token (AUTH-05).', {
    auth: bearerAuth({ verify: (sent) => Promise.resolve(sent === token ? 'platform' : undefined) }),
    login: { token },
  }),
  variant('mounted-at-a-path', 'The routes are below a path (GEN-02).', { basePath: '/brokers/one' }),
  variant('any-content-type', 'A body of any content type is read as JSON (CT-02).', { lenientContentType: true }),
  variant('demands-organization-and-space', 'A provision needs `organization_guid` and `space_guid` (PROV-09).', {
    requireOrganizationAndSpace: true,
  }),
  variant('unknown-instance-400', 'Updates and binds of an unknown instance are answered 400 (A1).', {
    liberty: () => unknownInstance(400),
  }),
  variant('unknown-instance-410', 'Updates and binds of an unknown instance are answered 410 (A1).', {
    liberty: () => unknownInstance(410),
  }),
  variant('other-ids-422', 'Deletes with ids of another plan are answered 422 (A3).', {
    liberty: () => async (call, next) => {
      const answered = await next(call)
      const isDelete = call.operation === 'deprovision' || call.operation === 'unbind'
      return isDelete &&
        answered.status === 400 &&
        call.url.searchParams.has('plan_id') &&
        call.url.searchParams.has('service_id')
        ? answer(422, { description: 'These are not its ids.' })
        : answered
    },
  }),
  variant('gone-before-malformed', 'A delete of something unknown is answered 410, even without the ids (T08).', {
    liberty: () => {
      const known = new Set<string>()
      return async (call, next) => {
        const { operation, url, headers } = call
        const isDelete = operation === 'deprovision' || operation === 'unbind'
        const isWhole = url.searchParams.has('service_id') && url.searchParams.has('plan_id')
        if (isDelete && !isWhole && headers.has('authorization') && !known.has(keyOf(call))) return answer(410)
        const answered = await next(call)
        if (operation === 'provision' || operation === 'bind') known.add(keyOf(call))
        return answered
      }
    },
  }),
  variant('accepts-incomplete-any-case', '`accepts_incomplete=TRUE` is taken for true (A13).', {
    liberty: () =>
      onRequest(everything, (call) => {
        const asked = call.url.searchParams.get('accepts_incomplete')
        return asked === null ? call : withQuery(call, 'accepts_incomplete', asked.toLowerCase())
      }),
  }),
]

const unknownInstance = (status: number) =>
  onAnswer(['update', 'bind'], (answered) => (answered.status === 404 ? { ...answered, status } : answered))

const modes: readonly LegalVariant[] = [
  variant('sync-only', 'Everything is done at once (SYN-09).', {
    only: ['sql', 'drain', 'route', 'volume', 'apps', 'plain'],
  }),
  variant('async-only', 'Nothing is done at once (SYN-11).', { only: ['cluster'] }),
  variant('async-deletes-refused-while-made', 'What is being made cannot be deleted: 422 (DEP-19, UNB-20).', {
    liberty: () => noOvertaking(),
  }),
  variant('creates-run-deletes-do-not', 'Creates are asynchronous, and a delete ends them at once (DEP-05, UNB-05).', {
    only: ['cluster'],
    change: ({ async: _always, ...offering }) => ({ ...offering, deprovision: async () => {}, unbind: async () => {} }),
    liberty: () => deletesAtOnce,
  }),
  variant('fetch-refused-during-update', 'While an update runs, a fetch is answered 422 (GETI-10).', {
    change: offeringWith({ fetchDuringUpdate: 'refuse' }),
  }),
  variant('serial-bindings', 'One binding of an instance at a time (BLK-05).', {
    change: offeringWith({ serialBindings: true }),
  }),
  variant('instances-with-bindings-stay', 'An instance with bindings cannot be deleted (A2).', {
    change: offeringWith({ deprovisionWithBindings: 'refuse' }),
  }),
  variant('finished-async-repeat-409', 'A repeat of an asynchronous provision that has ended is answered 409 (A5).', {
    liberty: () => {
      const asynchronous = new Set<string>()
      return onAnswer(['provision', 'bind'], (answered, call) => {
        if (answered.status === 202) asynchronous.add(keyOf(call))
        return answered.status === 200 && asynchronous.has(keyOf(call))
          ? answer(409, { description: 'It is there.' })
          : answered
      })
    },
  }),
]

/** A delete is answered when it is over. */
const deletesAtOnce: Fault = async (call, next) => {
  const answered = await next(call)
  if (!['deprovision', 'unbind'].includes(call.operation ?? '') || answered.status !== 202) return answered
  const url = new URL(`${call.url.pathname}/last_operation`, call.url)
  url.searchParams.set('operation', String(bodyOf(answered)['operation']))
  for (;;) {
    const polled = await next({ ...call, method: 'GET', url })
    if (bodyOf(polled)['state'] !== 'in progress') return answer(polled.status === 200 ? 200 : 500)
    await sleep(5)
  }
}

/** A delete of what is being made is refused. */
function noOvertaking() {
  const creating = new Set<string>()
  return async (...[call, next]: Parameters<ReturnType<typeof onRequest>>) => {
    const isDelete = call.operation === 'deprovision' || call.operation === 'unbind'
    if (isDelete && creating.has(keyOf(call)))
      return answer(422, { error: 'ConcurrencyError', description: 'It is being made.' })
    const answered = await next(call)
    if (call.operation === 'provision' || call.operation === 'bind') {
      if (answered.status === 202) creating.add(keyOf(call))
    } else if (call.operation === 'lastInstanceOperation' || call.operation === 'lastBindingOperation') {
      if (!answered.text.includes('in progress')) creating.delete(keyOf(call))
    }
    return answered
  }
}

/** Correct brokers that have made other choices than the reference. */
export const choiceVariants: readonly LegalVariant[] = [...requests, ...modes]
