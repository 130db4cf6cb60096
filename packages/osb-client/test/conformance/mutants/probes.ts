import {
  answer,
  answerWhen,
  bodyOf,
  type Call,
  type Fault,
  keyOf,
  onAnswer,
  onRequest,
  polls,
} from '../brokers/fault.js'
import { type Mutant, mutant } from './mutant.js'
import { withQuery } from './shared-faults.js'

/** Reads members of the body as if they were always what they should be. */
function breaksOver({ text }: Call): boolean {
  try {
    const { context, organization_guid, space_guid } = bodyOf({ text }) as Record<string, unknown>
    void (context as { platform: string }).platform.length
    for (const id of [organization_guid, space_guid]) void (id as string).toUpperCase()
    return false
  } catch {
    return true
  }
}

/** Reads the identity of the user as if it were always one. */
function breaksOverIdentity({ headers }: Call): boolean {
  const identity = headers.get('x-broker-api-originating-identity')
  if (identity === null) return false
  try {
    JSON.parse(atob(identity.split(' ')[1] as string))
    return false
  } catch {
    return true
  }
}

/** Parameters are compared as they were sent. */
function comparesParametersAsSent(): Fault {
  const first = new Map<string, string>()
  const textOf = (call: Call) => JSON.stringify(bodyOf(call)['parameters'] ?? {})
  return onAnswer(['provision'], (answered, call) => {
    const before = first.get(keyOf(call))
    if (answered.status === 201) first.set(keyOf(call), textOf(call))
    return answered.status === 200 && before !== undefined && before !== textOf(call)
      ? answer(409, { description: 'There is an instance with other parameters.' })
      : answered
  })
}

const failure = () => answer(500, { description: 'Something went wrong.' })

/** Brokers that do what no rule forbids, and no robust broker does. */
export const probeMutants: readonly Mutant[] = [
  mutant(
    'defaults-make-a-conflict',
    'probe:defaults-filled-in',
    'A repeat that names the defaults is answered 409.',
    comparesParametersAsSent,
  ),
  mutant('wrong-types-500', 'probe:fuzzed-bodies', 'A member of a wrong type is answered 500.', () =>
    answerWhen(['provision'], breaksOver, failure),
  ),
  mutant('wrong-identity-500', 'probe:hostile-headers', 'An identity that cannot be read is answered 500.', () =>
    answerWhen(['deprovision'], breaksOverIdentity, failure),
  ),
  mutant('operation-ignored', 'probe:operation-ignored', 'Polls of any operation show the last one.', () =>
    onRequest(polls, (call) => withQuery(call, 'operation', undefined)),
  ),
]
