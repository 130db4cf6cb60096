import {
  type Answer,
  answer,
  answerWhen,
  bodyOf,
  everything,
  type Fault,
  fetches,
  isSuccess,
  type Loose,
  mutating,
  onAnswer,
  onRequest,
  onStatus,
  type Operations,
  polls,
  withBody,
} from '../brokers/fault.js'
import { login } from '../brokers/test-broker.js'
import { type Mutant, mutant } from './mutant.js'

const identity = 'x-broker-api-request-identity'

const headersChanged = (operations: Operations, change: (headers: Headers, answer: Answer) => void) => () =>
  onAnswer(operations, (answered) => {
    const headers = new Headers(answered.headers)
    change(headers, answered)
    return { ...answered, headers }
  })

const requestIdentity: readonly Mutant[] = [
  mutant(
    'identity-not-echoed',
    'RID-04',
    'The request identity is never sent back.',
    headersChanged(everything, (headers) => headers.delete(identity)),
  ),
  mutant(
    'identity-not-echoed-on-errors',
    'RID-04',
    'The request identity is not sent back with errors.',
    headersChanged(everything, (headers, answered) => {
      if (!isSuccess(answered)) headers.delete(identity)
    }),
  ),
  mutant(
    'identity-not-echoed-by-polls',
    'RID-04',
    'Polls do not send the request identity back.',
    headersChanged(polls, (headers) => headers.delete(identity)),
  ),
  mutant(
    'identity-not-echoed-by-deletes',
    'RID-04',
    'Deletes do not send the request identity back.',
    headersChanged(['deprovision', 'unbind'], (headers) => headers.delete(identity)),
  ),
  mutant(
    'identity-of-its-own',
    'RID-04',
    'The broker sends an identity of its own.',
    headersChanged(everything, (headers) => headers.set(identity, 'broker-1')),
  ),
]

/** The broker behind gets the right login for what the fault lets in. */
const letIn = (operations: Operations): Fault =>
  onRequest(operations, (call) => {
    const headers = new Headers(call.headers)
    headers.set('authorization', `Basic ${btoa(`${login.username}:${login.password}`)}`)
    return { ...call, headers }
  })

const userOnly: Fault = (call, next) => {
  const [, encoded = ''] = (call.headers.get('authorization') ?? '').split(' ')
  let decoded = ''
  try {
    decoded = atob(encoded)
  } catch {
    // Not Base64: as good as no login.
  }
  return decoded.startsWith(`${login.username}:`) ? letIn(everything)(call, next) : next(call)
}

const anyLogin: Fault = (call, next) => (call.headers.has('authorization') ? letIn(everything)(call, next) : next(call))

const authentication: readonly Mutant[] = [
  mutant('open-catalog', 'AUTH-06', 'The catalog is open to everybody.', () => letIn(['catalog'])),
  mutant('open-polls', 'AUTH-06', 'Polls are open to everybody.', () => letIn(polls)),
  mutant('open-fetches', 'AUTH-06', 'Fetches are open to everybody.', () => letIn(fetches)),
  mutant('open-deletes', 'AUTH-06', 'Deletes are open to everybody.', () => letIn(['deprovision', 'unbind'])),
  mutant('open-provision', 'AUTH-06', 'Anybody may provision.', () => letIn(['provision'])),
  mutant('any-password', 'AUTH-06', 'The password is not looked at.', () => userOnly),
  mutant('any-login', 'AUTH-06', 'Any login is good enough.', () => anyLogin),
  mutant('login-refused-403', 'AUTH-07', 'A wrong login is answered 403.', () => onStatus(everything, { 401: 403 })),
  mutant('login-refused-404', 'AUTH-07', 'A wrong login is answered 404.', () => onStatus(everything, { 401: 404 })),
  mutant('login-refused-200', 'AUTH-07', 'A wrong login is answered 200 with an error in it.', () =>
    onStatus(everything, { 401: 200 }),
  ),
  mutant('login-refused-302', 'AUTH-07', 'A wrong login is sent to a login page.', () =>
    onAnswer(everything, (answered) =>
      answered.status === 401
        ? { status: 302, headers: new Headers({ location: 'https://login.test/' }), text: '' }
        : answered,
    ),
  ),
]

const hasBody = (answered: Answer): boolean => answered.text !== ''

const contentType: readonly Mutant[] = [
  mutant(
    'answers-without-content-type',
    'CT-01',
    'Answers do not say that they are JSON.',
    headersChanged(everything, (headers) => headers.delete('content-type')),
  ),
  mutant(
    'answers-as-text',
    'CT-01',
    'Answers are said to be text/html.',
    headersChanged(everything, (headers, answered) => {
      if (hasBody(answered)) headers.set('content-type', 'text/html')
    }),
  ),
  mutant(
    'errors-as-text',
    'CT-01',
    'Errors are said to be text/plain.',
    headersChanged(everything, (headers, answered) => {
      if (!isSuccess(answered)) headers.set('content-type', 'text/plain')
    }),
  ),
  mutant('wrong-type-415', 'CT-03', 'A wrong content type is answered 415.', () =>
    answerWhen(
      mutating,
      (call) =>
        call.text !== '' && call.headers.has('content-type') && !call.headers.get('content-type')?.includes('json'),
      () => answer(415, { description: 'Only JSON is served.' }),
    ),
  ),
  mutant('broken-json-500', 'CT-03 ERR-01', 'A body that is no JSON is answered 500.', () =>
    answerWhen(
      ['provision', 'update', 'bind'],
      ({ text }) => !isJson(text),
      () => answer(500, { description: 'Something went wrong.' }),
    ),
  ),
  mutant('broken-json-422', 'CT-03', 'A body that is no JSON is answered 422.', () =>
    answerWhen(
      ['provision', 'update', 'bind'],
      ({ text }) => !isJson(text),
      () => answer(422, { description: 'This is no JSON.' }),
    ),
  ),
]

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const known: readonly string[] = [
  'service_id',
  'plan_id',
  'organization_guid',
  'space_guid',
  'parameters',
  'context',
  'maintenance_info',
  'previous_values',
  'app_guid',
  'bind_resource',
  'predecessor_binding_id',
]

const strict = (operations: Operations): Fault =>
  answerWhen(
    operations,
    (call) => Object.keys(bodyOf(call)).some((name) => !known.includes(name)),
    () => answer(400, { description: 'There is an unknown field.' }),
  )

const withoutUnknown = (value: Loose): Loose =>
  Object.fromEntries(Object.entries(value).filter(([name]) => known.includes(name)))

const extensions: readonly Mutant[] = [
  mutant(
    'extra-field-refused-by-provision',
    'EXT-04 EXT-03',
    'A provision with an unknown field is answered 400.',
    () => strict(['provision']),
  ),
  mutant('extra-field-refused-by-bind', 'EXT-04 EXT-03', 'A bind with an unknown field is answered 400.', () =>
    strict(['bind']),
  ),
  mutant('extra-field-refused-by-update', 'EXT-04 EXT-03', 'An update with an unknown field is answered 400.', () =>
    strict(['update']),
  ),
  mutant('extra-field-crashes', 'EXT-03 EXT-04', 'A provision with an unknown field is answered 500.', () =>
    answerWhen(
      ['provision'],
      (call) => Object.keys(bodyOf(call)).length > Object.keys(withoutUnknown(bodyOf(call))).length,
      () => answer(500, { description: 'Something went wrong.' }),
    ),
  ),
  mutant('extra-field-in-context-refused', 'EXT-04 EXT-03', 'A context with an unknown field is answered 400.', () =>
    answerWhen(
      ['provision'],
      (call) => {
        const usual = [
          'platform',
          'organization_guid',
          'space_guid',
          'organization_name',
          'space_name',
          'instance_name',
          'namespace',
          'clusterid',
        ]
        return Object.keys((bodyOf(call)['context'] as Loose | undefined) ?? {}).some(
          (name) => !usual.includes(name) && !name.endsWith('_annotations'),
        )
      },
      () => answer(400, { description: 'The context has an unknown field.' }),
    ),
  ),
  mutant('extra-query-refused', 'EXT-04 EXT-03', 'An unknown query parameter is answered 400.', () =>
    answerWhen(
      everything,
      ({ url }) =>
        [...url.searchParams.keys()].some(
          (name) => !['accepts_incomplete', 'service_id', 'plan_id', 'operation'].includes(name),
        ),
      () => answer(400, { description: 'There is an unknown query parameter.' }),
    ),
  ),
]

const inErrors = (operations: Operations, change: (body: Loose) => Loose) => () =>
  onAnswer(operations, (answered) =>
    answered.status >= 400 && answered.status !== 401 ? withBody(answered, change(bodyOf(answered))) : answered,
  )

const errors: readonly Mutant[] = [
  mutant(
    'error-empty',
    'ERR-03 ERR-08',
    '`error` is empty.',
    inErrors(everything, (body) => ({ ...body, error: '' })),
  ),
  mutant(
    'error-number',
    'ERR-03 ERR-08',
    '`error` is a number.',
    inErrors(everything, (body) => ({ ...body, error: 17 })),
  ),
  mutant(
    'description-empty',
    'ERR-04',
    '`description` is empty.',
    inErrors(everything, (body) => ({ ...body, description: '' })),
  ),
  mutant(
    'description-object',
    'ERR-04',
    '`description` is an object.',
    inErrors(everything, (body) => ({ ...body, description: { text: 'No.' } })),
  ),
  mutant(
    'instance-usable-on-provision',
    'ERR-05',
    'Errors of provisions have `instance_usable`.',
    inErrors(['provision'], (body) => ({ ...body, instance_usable: false })),
  ),
  mutant(
    'instance-usable-on-bind',
    'ERR-05',
    'Errors of binds have `instance_usable`.',
    inErrors(['bind'], (body) => ({ ...body, instance_usable: true })),
  ),
  mutant(
    'instance-usable-on-unbind',
    'ERR-05',
    'Errors of unbinds have `instance_usable`.',
    inErrors(['unbind'], (body) => ({ ...body, instance_usable: true })),
  ),
  mutant(
    'update-repeatable-on-deprovision',
    'ERR-06',
    'Errors of deprovisions have `update_repeatable`.',
    inErrors(['deprovision'], (body) => ({ ...body, update_repeatable: true })),
  ),
  mutant(
    'update-repeatable-on-provision',
    'ERR-06',
    'Errors of provisions have `update_repeatable`.',
    inErrors(['provision'], (body) => ({ ...body, update_repeatable: false })),
  ),
  mutant(
    'update-repeatable-on-bind',
    'ERR-06',
    'Errors of binds have `update_repeatable`.',
    inErrors(['bind'], (body) => ({ ...body, update_repeatable: false })),
  ),
  mutant('failure-as-200', 'ERR-01 ERR-02', 'Every error is answered 200.', () =>
    onStatus(mutating, { 400: 200, 409: 200, 410: 200, 422: 200 }),
  ),
  mutant('failure-as-500', 'ERR-02 ERR-01', 'Every error of a provision, update or bind is answered 500.', () =>
    onStatus(['provision', 'update', 'bind'], { 400: 500, 409: 500, 422: 500 }),
  ),
  mutant(
    'codes-in-lower-case',
    'ERR-08',
    'The codes of errors start with a small letter.',
    inErrors(mutating, (body) =>
      typeof body['error'] === 'string'
        ? { ...body, error: body['error'].charAt(0).toLowerCase() + body['error'].slice(1) }
        : body,
    ),
  ),
  mutant(
    'codes-with-error',
    'ERR-08',
    'The code is `AsyncRequiredError`.',
    inErrors(mutating, (body) => (body['error'] === 'AsyncRequired' ? { ...body, error: 'AsyncRequiredError' } : body)),
  ),
]

/** Brokers that fail at what concerns every request (RID, AUTH, CT, EXT, ERR). */
export const headerMutants: readonly Mutant[] = [
  ...requestIdentity,
  ...authentication,
  ...contentType,
  ...extensions,
  ...errors,
]
