import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { promisify } from 'node:util'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { nodeImage } from '../../images/node-image.js'
import { whyNoDocker } from '../../../test/support/docker-answers.js'
import { collectorFolder } from '../../../test/support/offering-cases.js'
import { testService } from '../contract/harness.js'
import { dockerEngine } from './docker-engine.js'

const image = nodeImage({ name: 'collector', folder: collectorFolder, include: ['package.json', 'src'] })
const reason = await whyNoDocker()
const engine = dockerEngine()
const service = testService({ engine: dockerEngine, image, folder: tmpdir(), run: randomUUID() })

const evaluate = async (script: string) =>
  (await engine.exec(service.name, ['node', '-e', `console.log(${script})`])).stdout.trim()

describe('a container of the Docker engine', () => {
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason)
  })
  afterAll(async () => {
    if (reason === undefined) await service.remove(engine)
  })

  it('runs as nobody special, without capabilities, on a read-only root', { timeout: 60_000 }, async () => {
    await service.ensure(engine)
    const status = await evaluate("require('fs').readFileSync('/proc/self/status', 'utf8')")
    expect(status).toMatch(/^Uid:\s+999\s+999/m)
    expect(status).toMatch(/^CapEff:\s+0+$/m)
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m)
    const write = (path: string) =>
      evaluate(
        `(() => { try { require('fs').writeFileSync('${path}', 'x'); return 'written' } catch (e) { return e.code } })()`,
      )
    expect(await write('/x')).toBe('EROFS')
    expect(await write('/run/secrets/x')).toBe('EROFS')
    expect(await write('/data/x')).toBe('written')
    expect(await write('/tmp/x')).toBe('written')
    expect(await evaluate("require('fs').statSync('/run/secrets/key').mode.toString(8)")).toBe('100400')
  })

  it('has its limits, log rotation and restart policy, and its port on the loopback address only', async () => {
    const { stdout } = await promisify(execFile)('docker', ['inspect', service.name])
    const [{ HostConfig: host }] = JSON.parse(stdout) as [{ HostConfig: Record<string, unknown> }]
    expect(host).toMatchObject({
      Memory: 128 * 1024 * 1024,
      MemorySwap: 128 * 1024 * 1024,
      NanoCpus: 5e8,
      PidsLimit: 64,
      RestartPolicy: { Name: 'unless-stopped' },
      LogConfig: { Config: { 'max-size': '10m', 'max-file': '3' } },
      PortBindings: { '8080/tcp': [{ HostIp: '127.0.0.1' }] },
    })
  })

  it('shows its secret nowhere: not in inspect, not in events of its making and of commands', async () => {
    const since = Math.floor(Date.now() / 1000) - 60
    await engine.exec(service.name, ['node', '-e', 'process.stdin.resume()'], { stdin: 'secret by stdin' })
    const docker = async (...args: string[]) => (await promisify(execFile)('docker', args)).stdout
    const until = String(Math.ceil(Date.now() / 1000) + 1)
    const events = await docker('events', '--since', String(since), '--until', until, '--format', '{{json .}}')
    expect(events).toContain('exec_start')
    const text = events + (await docker('inspect', service.name))
    expect(text).not.toMatch(/a secret text|secret by stdin/)
  })
})
