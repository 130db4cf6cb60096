import { bodyOf, type Sent, statusText } from '../sent.js'
import type { Scene } from '../scene.js'

/** Every version that brokers are met with; those before 2.11 are not in use any more. */
const versions = ['2.11', '2.12', '2.13', '2.14', '2.15', '2.16', '2.17'] as const

/**
 * Which versions of the API are taken (VER-03, VER-04). A broker may refuse any with 412 and a word on which it needs;
 * minors only add, so that most refuse none.
 */
export const apiVersionsScene: Scene = {
  name: 'api-versions',
  title: 'the versions of the API',
  kind: 'broker',
  instances: 0,
  checks: ['probe:api-versions'],
  async play({ call, expect }) {
    const answers: (readonly [string, Sent])[] = []
    for (const apiVersion of versions)
      answers.push([
        apiVersion,
        await call('catalog', {}, { apiVersion, label: `the catalog, by version ${apiVersion}` }),
      ])
    const headers = { 'X-Broker-API-Version': null }
    const without = await call('catalog', {}, { headers, label: 'the catalog, without a version' })
    const isSound = answers.every(([, sent]) => sent.status === 200 || isExplained(sent, 412))
    const isSoundWithout = without.status === 200 || isExplained(without, 400) || isExplained(without, 412)
    const found = [...answers, ['none', without] as const].map(([version, sent]) => `${version}: ${statusText(sent)}`)
    expect(
      'probe:api-versions',
      isSound && isSoundWithout,
      '200 for each version, or 412 with a description that says which is needed; without a version 200, 400 or 412',
      found.join(', '),
      ...answers.map(([, sent]) => sent),
      without,
    )
  },
}

function isExplained(sent: Sent, status: number): boolean {
  const { description } = bodyOf(sent)
  return sent.status === status && typeof description === 'string' && description !== ''
}
