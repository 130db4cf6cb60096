import { rmSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { createBrokerClient } from 'osb-client'
import { expect, it } from 'vitest'
import { type DemoReport, runDemo, scenarioSteps } from './run-demo.js'

it('the demo passes on the embedded engine and leaves nothing behind', { timeout: 180_000 }, async () => {
  const { code, output, left } = await runDemo(['--engine', 'embedded', '--json']).ended
  const report = JSON.parse(output) as DemoReport
  expect(report.summary).toMatch(/^demo: \d+ steps passed on embedded$/)
  expect(report).toMatchObject({ engine: 'embedded', passed: true })
  const passed = report.steps.filter(({ outcome }) => outcome === 'passed').map(({ step }) => step)
  expect(passed).toEqual(expect.arrayContaining(scenarioSteps))
  expect({ code, left }).toEqual({ code: 0, left: [] })
})

it('--keep leaves a broker that can be called, and its instance', { timeout: 180_000 }, async () => {
  const { code, output, left } = await runDemo(['--engine', 'embedded', '--json', '--keep'], { keepFolder: true }).ended
  const { kept } = JSON.parse(output) as DemoReport
  if (!kept) throw new Error(`nothing was kept: ${output}`)
  try {
    expect({ code, left }).toEqual({ code: 0, left: [basename(kept.folder)] })
    const { url, username, password, instance_id, binding_id, service_id, plan_id } = kept
    const client = createBrokerClient({ url, auth: { username, password } })
    const { body } = await client.fetchBinding({ instance_id, binding_id })
    expect(body.credentials).toHaveProperty('uri')
    expect((await client.deprovisionAndWait({ instance_id, service_id, plan_id })).outcome).toBe('deleted')
    await client.close()
  } finally {
    process.kill(kept.pid)
    rmSync(dirname(kept.folder), { recursive: true, force: true })
  }
})

it.each([
  ['while the broker starts', /^ #/m],
  ['after the instance is there', /provision collector/],
])('Ctrl-C %s ends the demo with exit 1 and leaves nothing behind', { timeout: 180_000 }, async (_when, seen) => {
  const demo = runDemo(['--engine', 'embedded'])
  await expect.poll(demo.output, { timeout: 120_000, interval: 50 }).toMatch(seen)
  demo.child.kill('SIGINT')
  const { code, output, left } = await demo.ended
  expect(output).toMatch(/^demo: step ".*" failed on .*: interrupted$/m)
  expect({ code, left }).toEqual({ code: 1, left: [] })
})

it('an engine that does not answer is a failed step that says why', { timeout: 180_000 }, async () => {
  const unreachable = { DOCKER_HOST: 'unix:///nowhere/docker.sock' }
  const { code, output, left } = await runDemo(['--engine', 'docker'], { env: unreachable }).ended
  expect(output).toMatch(/demo: step "start the broker" failed on docker: .*no Docker engine answers/s)
  expect({ code, left }).toEqual({ code: 1, left: [] })
})

it('an option that does not exist is exit 2 with the usage', { timeout: 60_000 }, async () => {
  const { code, output } = await runDemo(['--engine', 'podman']).ended
  expect(output).toContain('--engine takes docker or embedded, not "podman"')
  expect(output).toContain('Usage: npm run demo')
  expect(code).toBe(2)
})
