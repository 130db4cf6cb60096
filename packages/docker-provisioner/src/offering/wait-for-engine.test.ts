import { expect, it } from 'vitest'
import { ProvisionerError } from '../errors.js'
import { waitForEngine } from './wait-for-engine.js'

const lost = () => new ProvisionerError('DOCKER_UNREACHABLE', 'lost')

it('does the step again until the engine answers, and says so', async () => {
  const said: string[] = []
  let calls = 0
  const step = async () => {
    if (++calls < 3) throw lost()
    return 'done'
  }
  const progress = async (text: string) => void said.push(text)
  expect(await waitForEngine(step, { signal: AbortSignal.timeout(10_000), progress })).toBe('done')
  expect(said).toHaveLength(2)
})

it('ends with other errors at once, and when it is aborted', async () => {
  const progress = async () => {}
  const refuse = () => Promise.reject(new ProvisionerError('NOT_READY', 'broken'))
  await expect(waitForEngine(refuse, { signal: AbortSignal.timeout(10_000), progress })).rejects.toMatchObject({
    code: 'NOT_READY',
  })
  const never = () => Promise.reject(lost())
  const controller = new AbortController()
  const reason = new Error('given up')
  const said = async () => controller.abort(reason)
  await expect(waitForEngine(never, { signal: controller.signal, progress: said })).rejects.toBe(reason)
})
