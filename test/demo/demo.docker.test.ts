import { findEngine, labels } from 'docker-provisioner'
import { beforeAll, expect, it } from 'vitest'
import { killDuringProvision } from './kill-scenario.js'
import { type DemoReport, runDemo, scenarioSteps } from './run-demo.js'

let noDocker: string | undefined

beforeAll(async () => {
  try {
    await findEngine({ engine: 'docker', folder: '' })
  } catch (error) {
    noDocker = (error as Error).message
  }
})

it('the demo passes on Docker and leaves nothing behind', { timeout: 600_000 }, async ({ skip }) => {
  skip(noDocker !== undefined, noDocker)
  const { code, output, left } = await runDemo(['--engine', 'docker', '--json']).ended
  const report = JSON.parse(output) as DemoReport
  expect(report.summary).toMatch(/^demo: \d+ steps passed on docker$/)
  const passed = report.steps.filter(({ outcome }) => outcome === 'passed').map(({ step }) => step)
  expect(passed).toEqual(expect.arrayContaining(scenarioSteps))
  expect({ code, left }).toEqual({ code: 0, left: [] })
})

it('Ctrl-C leaves no container, network or volume behind', { timeout: 600_000 }, async ({ skip }) => {
  skip(noDocker !== undefined, noDocker)
  const demo = runDemo(['--engine', 'docker'])
  await expect.poll(demo.output, { timeout: 300_000, interval: 20 }).toMatch(/read the catalog/)
  // In the middle of the provision.
  await new Promise((resolve) => setTimeout(resolve, 300))
  demo.child.kill('SIGINT')
  const { code, output, left } = await demo.ended
  const id = /^cleaned up: instance (.+)$/m.exec(output)?.[1]
  expect(id, output).toBeDefined()
  const engine = await findEngine({ engine: 'docker', folder: '' })
  expect(await engine.list({ [labels.instanceId]: id ?? '' })).toEqual([])
  expect({ code, left }).toEqual({ code: 1, left: [] })
})

it('a broker killed during a provision finds its way after a restart', { timeout: 600_000 }, async ({ skip }) => {
  skip(noDocker !== undefined, noDocker)
  const ends = await killDuringProvision('docker', [0, 200, 700])
  expect(ends).toEqual(ends.map(() => 'succeeded'))
})
