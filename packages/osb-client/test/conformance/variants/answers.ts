import {
  type Answer,
  answer,
  bodyOf,
  everything,
  keyOf,
  namedCodes,
  type Loose,
  onAnswer,
  onBody,
  onRequest,
  polls,
  together,
  withBody,
} from '../brokers/fault.js'
import { withQuery } from '../mutants/shared-faults.js'
import { type LegalVariant, variant } from './variant.js'

/** A field of a vendor in every object of an answer. */
function extended(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(extended)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, inner]) => [name, isFree(name) ? inner : extended(inner)] as const)
  return { ...Object.fromEntries(entries), 'vendor.test/extra': { note: 'an extension field' } }
}

/** Objects that are nobody's but their author's, or that a validator reads. */
const isFree = (name: string): boolean =>
  ['parameters', 'credentials', 'schemas', 'amount', 'mount_config'].includes(name)

const errorsOnly = (change: (body: Loose, answered: Answer) => unknown) => () =>
  onAnswer(everything, (answered) =>
    answered.status >= 400 ? withBody(answered, change(bodyOf(answered), answered)) : answered,
  )

const headersOnly = (change: (headers: Headers) => void) => () =>
  onAnswer(everything, (answered) => {
    const headers = new Headers(answered.headers)
    change(headers)
    return { ...answered, headers }
  })

const texts: readonly LegalVariant[] = [
  variant('extra-fields-everywhere', 'Every object of every answer has a field of the vendor (EXT-01).', {
    liberty: () => onBody(everything, (body) => extended(body), undefined),
  }),
  variant('extra-fields-in-errors', 'Errors have fields of the vendor (EXT-01).', {
    liberty: errorsOnly((body) => ({ ...body, 'vendor.test/trace': '7f3a', code: 10_001 })),
  }),
  variant('other-texts', 'Errors are worded in another way, and in another language.', {
    liberty: errorsOnly((body) => ({ ...body, description: 'Das geht so nicht: «Ungültig» \u{1F6AB}' })),
  }),
  variant(
    'errors-without-description',
    'Errors have a code only where the specification names one, and no text (ERR-04).',
    {
      liberty: errorsOnly((body, { status }) => {
        const { description, ...others } = body
        // A plan change that is refused should say why (UPD-07).
        return status === 422 && !namedCodes.includes(others['error']) ? { ...others, description } : others
      }),
    },
  ),
  variant('errors-with-own-codes', 'Where the specification names no code, errors have one of the broker (ERR-03).', {
    liberty: errorsOnly((body) => ({ error: 'SomethingElse', ...body })),
  }),
  variant('pretty-printed', 'Answers are indented JSON.', {
    liberty: () =>
      onAnswer(everything, (answered) =>
        answered.text === ''
          ? answered
          : { ...answered, text: `${JSON.stringify(JSON.parse(answered.text), undefined, 2)}\n` },
      ),
  }),
  variant('content-type-with-charset', 'The content type has a charset and capitals.', {
    liberty: headersOnly((headers) => headers.set('content-type', 'Application/JSON; charset=utf-8')),
  }),
  variant('empty-401', 'A wrong login is answered 401 without a body (AUTH-07 says nothing of one).', {
    liberty: () => onAnswer(everything, (answered) => (answered.status === 401 ? { ...answered, text: '' } : answered)),
  }),
  variant('gone-with-an-error', 'A 410 has an error in place of `{}` (DEP-16).', {
    liberty: () =>
      onAnswer(['deprovision', 'unbind'], (answered) =>
        answered.status === 410 ? withBody(answered, { description: 'It is gone.' }) : answered,
      ),
  }),
]

const freeOfEtag = headersOnly((headers) => headers.delete('etag'))

const asynchronous: readonly LegalVariant[] = [
  variant('no-etag', 'The catalog has no ETag (CAT-10).', { liberty: freeOfEtag }),
  variant('no-operation', 'A 202 has no `operation` (PROV-29, BIND-38).', {
    liberty: () =>
      onBody(['provision', 'update', 'bind', 'deprovision', 'unbind'], ({ operation: _none, ...body }) => body, [202]),
  }),
  variant('operation-null', 'The `operation` of provisions is null (PROV-31).', {
    liberty: () => onBody(['provision'], (body) => ({ ...body, operation: null }), [202]),
  }),
  variant(
    'operation-10000',
    'An `operation` has exactly 10,000 characters, some of them not to be had in a URL (PROV-32).',
    {
      liberty: () =>
        together(
          onRequest(polls, (call) => {
            const asked = call.url.searchParams.get('operation')
            return asked === null ? call : withQuery(call, 'operation', asked.replace(/ &%ä\/\?#=\+~o*$/, ''))
          }),
          onBody(
            ['provision', 'update', 'bind', 'deprovision', 'unbind'],
            (body) => ({
              ...body,
              operation: `${String(body['operation'])} &%ä/?#=+~`.padEnd(10_000, 'o'),
            }),
            [202],
          ),
        ),
    },
  ),
  variant('retry-after-seconds', 'Polls say after how many seconds to come again (LOI-24).', {
    only: ['sql', 'cluster'],
    pollsUntilDone: 1,
    liberty: () =>
      onAnswer(polls, (answered) => {
        const headers = new Headers(answered.headers)
        if (answered.text.includes('in progress')) headers.set('retry-after', '1')
        return { ...answered, headers }
      }),
  }),
  variant('polls-without-description', 'Polls have a state only (SYN-15).', {
    liberty: () => onBody(polls, ({ state }) => ({ state })),
  }),
  variant('polls-with-description', 'Polls say how far it is (SYN-15).', {
    liberty: () => onBody(polls, (body) => ({ ...body, description: 'Half of it is done.' })),
  }),
  variant('ended-delete-410', 'A poll of a delete that has ended is answered 410 (A4).', {
    liberty: () => afterDelete(410),
  }),
  variant('ended-delete-404', 'A poll of a delete that has ended is answered 404, as there is nothing any more (A4).', {
    liberty: () => afterDelete(404),
  }),
  variant('many-polls', 'Operations end with the eighth poll.', { only: ['cluster'], pollsUntilDone: 8 }),
  variant('few-polls', 'Operations end with the second poll.', { only: ['cluster'], pollsUntilDone: 2 }),
]

/** What polls are answered once a delete has ended. */
function afterDelete(status: 404 | 410) {
  const deleting = new Set<string>()
  return onAnswer(['deprovision', 'unbind', ...polls], (answered, call) => {
    if (call.operation === 'deprovision' || call.operation === 'unbind') {
      if (answered.status === 202) deleting.add(keyOf(call))
      return answered
    }
    return deleting.has(keyOf(call)) && bodyOf(answered)['state'] === 'succeeded'
      ? answer(status, status === 410 ? {} : { description: 'There is nothing any more.' })
      : answered
  })
}

const bodies: readonly LegalVariant[] = [
  variant('dashboard-null', '`dashboard_url` is null (PROV-28).', {
    liberty: () =>
      together(
        onBody(['provision'], (body) => ({ ...body, dashboard_url: null })),
        onBody(['fetchInstance'], ({ dashboard_url: _url, ...body }) => body),
      ),
  }),
  variant('no-dashboard', 'There is no dashboard (4.5).', {
    liberty: () => onBody(['provision', 'update', 'fetchInstance'], ({ dashboard_url: _url, ...body }) => body),
  }),
  variant('fetch-hides-parameters', 'Fetches leave the parameters out (GETI-15, GETB-20).', {
    liberty: () => onBody(['fetchInstance', 'fetchBinding'], ({ parameters: _hidden, ...body }) => body),
  }),
  variant('fetch-of-instance-empty', 'A fetched instance is `{}`: no field of it is required (4.6).', {
    liberty: () => onBody(['fetchInstance'], () => ({})),
  }),
  variant('update-answers-at-length', 'Updates answer with the dashboard and labels (A9).', {
    liberty: () =>
      onBody(['update'], (body, { instance_id }) => ({
        ...body,
        dashboard_url: `https://${body['operation'] === undefined ? 'dashboard' : 'cluster'}.test/${encodeURIComponent(instance_id)}`,
        metadata: { labels: { changed: 'yes' }, attributes: { size: 'large' } },
      })),
  }),
  variant('credhub', 'Credentials are a reference to an entry of CredHub (BRES-02).', {
    liberty: () =>
      onBody(['bind', 'fetchBinding'], (body, { binding_id }) =>
        body['credentials'] === undefined
          ? body
          : { ...body, credentials: { 'credhub-ref': `/c/reference/${binding_id}/credentials` } },
      ),
  }),
  variant('no-binding-metadata', 'Bindings do not expire (4.9).', {
    liberty: () => onBody(['bind', 'fetchBinding'], ({ metadata: _metadata, ...body }) => body),
  }),
  variant('two-digits-of-a-second', '`expires_at` has two digits after the second, as 2.16 wrote (T47).', {
    liberty: () =>
      onBody(['bind', 'fetchBinding'], (body) =>
        body['metadata'] === undefined
          ? body
          : { ...body, metadata: { expires_at: '2999-12-31T23:59:59.00Z', renew_before: '2999-11-30T23:59:59.123Z' } },
      ),
  }),
  variant('endpoints-of-all-kinds', 'Endpoints have an address of IPv6, ranges, and all protocols (END-03).', {
    liberty: () =>
      onBody(['bind', 'fetchBinding'], (body) =>
        body['endpoints'] === undefined
          ? body
          : {
              ...body,
              endpoints: [
                { host: '2001:db8::1', ports: ['5432'] },
                { host: '192.0.2.7', ports: ['1-65535'], protocol: 'udp' },
                { host: 'db.reference.test', ports: ['443', '8000-8080'], protocol: 'all' },
              ],
            },
      ),
  }),
]

/** Correct brokers that answer in another way than the reference. */
export const answerVariants: readonly LegalVariant[] = [...texts, ...asynchronous, ...bodies]
