import { answer, answerWhen } from '../brokers/fault.js'
import { type Mutant, mutant } from './mutant.js'

const version = 'x-broker-api-version'

/** Ways to get the version of the API wrong. */
export const versionMutants: readonly Mutant[] = [
  mutant('older-versions-500', 'probe:api-versions', 'A version before 2.15 is answered 500.', () =>
    answerWhen(
      ['catalog'],
      ({ headers }) => Number((headers.get(version) ?? '2.17').split('.')[1]) < 15,
      () => answer(500, { description: 'Oh.' }),
    ),
  ),
  mutant('refusal-of-versions-without-a-word', 'probe:api-versions', '412, and no word on which is needed.', () =>
    answerWhen(
      ['catalog'],
      ({ headers }) => headers.get(version) !== '2.17',
      () => answer(412, {}),
    ),
  ),
  mutant('no-version-500', 'probe:api-versions', 'A request without a version is answered 500.', () =>
    answerWhen(
      ['catalog'],
      ({ headers }) => !headers.has(version),
      () => answer(500, { description: 'Cannot read properties of undefined.' }),
    ),
  ),
]
