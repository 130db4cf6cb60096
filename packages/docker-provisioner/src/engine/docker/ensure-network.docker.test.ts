import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { whyNoDocker } from '../../../test/support/docker-answers.js'
import { labels, managedByUs } from '../../labels.js'
import { openDocker } from './docker-client.js'
import { dockerEngine } from './docker-engine.js'
import { freeSubnets } from './subnets.js'

const reason = await whyNoDocker()
const run = randomUUID()
const own = { [labels.managedBy]: managedByUs, 'osb.test-run': run }
const docker = openDocker()
const signal = AbortSignal.timeout(120_000)
// Documentation addresses (RFC 5737): four networks of 16.
const range = { range: '198.51.100.64/26' }

describe('networks of the Docker engine', { timeout: 120_000 }, () => {
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason)
  })
  afterEach(async () => {
    if (reason !== undefined) return
    for (const { id } of await docker.listNetworks({ 'osb.test-run': run }, signal)) {
      await docker.removeNetwork(id, signal)
    }
  })

  it('have small subnets of the range, each its own, until there are no more', async () => {
    const engine = dockerEngine({ subnets: range })
    const name = (index: number) => `osbn-${run}-${index}`
    await Promise.all([0, 1, 2, 3].map((index) => engine.ensureNetwork({ name: name(index), labels: own })))
    await engine.ensureNetwork({ name: name(0), labels: own })
    const made = await docker.listNetworks({ 'osb.test-run': run }, signal)
    const subnets = made.flatMap((network) => network.subnets).toSorted()
    expect(subnets).toEqual(['198.51.100.112/28', '198.51.100.64/28', '198.51.100.80/28', '198.51.100.96/28'])
    await expect(engine.ensureNetwork({ name: name(4), labels: own })).rejects.toMatchObject({
      code: 'OUT_OF_CAPACITY',
      message: expect.stringContaining('198.51.100.64/26') as string,
    })
  })

  it('leave out what other networks have', async () => {
    const [taken = ''] = freeSubnets(`osbn-${run}`, range, [])
    await docker.createNetwork(`other-${run}`, { 'osb.test-run': run }, taken, signal)
    await dockerEngine({ subnets: range }).ensureNetwork({ name: `osbn-${run}`, labels: own })
    const made = await docker.listNetworks({ name: `osbn-${run}` }, signal)
    expect(made.flatMap(({ subnets }) => subnets)).not.toContain(taken)
  })
})

it('an address that clients cannot use is refused, and another one can be advertised', async () => {
  expect(() => dockerEngine({ publishHost: '0.0.0.0' })).toThrow(/set advertiseHost/)
  expect(dockerEngine({ publishHost: '0.0.0.0', advertiseHost: 'services.example.com' }).kind).toBe('docker')
})
