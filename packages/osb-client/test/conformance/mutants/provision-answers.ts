import { answer, onAnswer, onBody } from '../brokers/fault.js'
import { type Mutant, mutant } from './mutant.js'
import { forgetfulRepeats, longOperation } from './shared-faults.js'

const bodies: readonly Mutant[] = [
  mutant('provision-labels-array', 'PROV-13', 'The labels of an instance are an array.', () =>
    onBody(['provision'], (body) => ({ ...body, metadata: { labels: ['kind'] } })),
  ),
  mutant('dashboard-url-bare-id', 'URL-03', 'The id stands in `dashboard_url` as it is.', () =>
    onBody(['provision', 'fetchInstance'], (body, { instance_id }) =>
      body['dashboard_url'] === undefined ? body : { ...body, dashboard_url: `https://dashboard.test/${instance_id}` },
    ),
  ),
  mutant(
    'provision-repeat-whatever',
    'PROV-19',
    'Whatever is asked for under an id that is there is answered 200.',
    () => {
      const known = new Set<string>()
      return async (call, next) => {
        if (call.operation === 'provision' && known.has(call.instance_id)) return answer(200)
        const answered = await next(call)
        if (call.operation === 'provision' && answered.status === 201) known.add(call.instance_id)
        return answered
      }
    },
    { only: ['plain'] },
  ),
  mutant('dashboard-url-number', 'PROV-28', '`dashboard_url` is a number.', () =>
    onBody(['provision'], (body) => ({ ...body, dashboard_url: 17 })),
  ),
  mutant('dashboard-url-object', 'PROV-28', '`dashboard_url` is an object.', () =>
    onBody(['provision'], (body) => ({ ...body, dashboard_url: { href: 'https://dashboard.test' } })),
  ),
  mutant('dashboard-url-late', 'PROV-27 GETI-13', 'The dashboard is first heard of in a fetch.', () =>
    onBody(['provision'], ({ dashboard_url: _url, ...body }) => body),
  ),
  mutant('dashboard-url-late-async', 'PROV-27 GETI-13', 'The 202 has no dashboard, though there is one later.', () =>
    onBody(['provision'], ({ dashboard_url: _url, ...body }) => body, [202]),
  ),
  mutant('dashboard-url-shared', 'PROV-26', 'All instances have the same dashboard URL.', () =>
    onBody(['provision', 'fetchInstance'], (body) => ({ ...body, dashboard_url: 'https://dashboard.test/home' })),
  ),
  mutant('provision-operation-10001', 'PROV-32', 'The `operation` has 10,001 characters.', () =>
    longOperation(['provision']),
  ),
  mutant('provision-empty-answer', 'PROV-13', 'A new instance is answered 201 without a body.', () =>
    onAnswer(['provision'], (answered) => (answered.status === 201 ? { ...answered, text: '' } : answered)),
  ),
  mutant('provision-twice', 'PROV-13 PROV-12', 'A repeat makes the instance anew.', () => forgetfulRepeats()),
]

/** Brokers whose answers to provisions have wrong fields (PROV). */
export const provisionAnswerMutants: readonly Mutant[] = bodies
