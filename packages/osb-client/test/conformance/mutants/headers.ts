import {
  type Answer,
  answer,
  answerWhen,
  everything,
  type Fault,
  fetches,
  isSuccess,
  mutating,
  onAnswer,
  onRequest,
  onStatus,
  type Operations,
  polls,
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

/** Brokers that fail at what concerns every request (RID, AUTH, CT). */
export const headerMutants: readonly Mutant[] = [...requestIdentity, ...authentication, ...contentType]
