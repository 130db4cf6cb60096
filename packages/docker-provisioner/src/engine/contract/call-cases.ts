import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:net'
import { candidatePorts, defaultPortRange } from '../ports.js'
import { type ContractCase, eventually, read, rejectsWith, testService, withService } from './harness.js'

const print = (text: string) => ['node', '-e', `process.stdout.write(${JSON.stringify(text)})`]

/** Cases about single calls: commands, logs, bounds and refusals. */
export const callCases: readonly ContractCase[] = [
  {
    name: 'a command gets its input by stdin and answers with output and exit code',
    run: (harness) =>
      withService(harness, async (service, engine) => {
        const echo = ['node', '-e', 'process.stdin.on("data", (d) => process.stdout.write(String(d).toUpperCase()))']
        const result = await engine.exec(service.name, echo, { stdin: 'by stdin é\n' })
        assert.deepEqual(result, { exitCode: 0, stdout: 'BY STDIN É\n', stderr: '' })
        const failing = ['node', '-e', 'console.error("no"); process.exit(3)']
        const failed = await engine.exec(service.name, failing, { stdin: 'never read' })
        assert.deepEqual(failed, { exitCode: 3, stdout: '', stderr: 'no\n' })
      }),
  },
  {
    name: 'a command has the environment of the service',
    run: (harness) =>
      withService(harness, async (service, engine, status) => {
        const show = ['node', '-e', 'process.stdout.write(process.env.PORT + " " + process.env.DATA)']
        const { stdout } = await engine.exec(service.name, show)
        assert.equal(stdout, `${status.place.ports['http']} ${status.place.paths['data']}`)
      }),
  },
  {
    name: 'a long output comes whole',
    run: (harness) =>
      withService(harness, async (service, engine) => {
        const { stdout } = await engine.exec(service.name, ['node', '-e', 'process.stdout.write("x".repeat(300000))'])
        assert.equal(stdout.length, 300_000)
      }),
  },
  {
    name: 'a call that is aborted ends with the reason of its signal, one over its time with TIMEOUT',
    run: (harness) =>
      withService(harness, async (service, engine) => {
        const sleep = ['node', '-e', 'setTimeout(() => {}, 15000)']
        const reason = new Error('no longer wanted')
        const controller = new AbortController()
        const call = engine.exec(service.name, sleep, { signal: controller.signal })
        setTimeout(() => controller.abort(reason), 200)
        await assert.rejects(call, (error) => error === reason)
        await rejectsWith(engine.exec(service.name, sleep, { timeoutMs: 200 }), 'TIMEOUT')
        await assert.rejects(engine.list({}, { signal: AbortSignal.abort(reason) }), (error) => error === reason)
      }),
  },
  {
    name: 'the use of a running service is known, and of one that stands still refused',
    run: (harness) =>
      withService(harness, async (service, engine) => {
        const { memoryBytes, cpuSeconds = 1, pids = 1 } = await engine.stats(service.name)
        assert.ok(memoryBytes > 1024 * 1024 && cpuSeconds > 0 && pids > 0)
        await rejectsWith(engine.stats('osbcmissing'), 'NOT_FOUND')
        await engine.stopContainer(service.name)
        await rejectsWith(engine.stats(service.name), 'NOT_RUNNING')
      }),
  },
  {
    name: 'the log has the last lines that the service wrote',
    run: (harness) =>
      withService(harness, async (service, engine) => {
        await eventually(async () => assert.deepEqual(await engine.logs(service.name), ['listening']))
        assert.deepEqual(await engine.logs(service.name, { lines: 1 }), ['listening'])
      }),
  },
  {
    name: 'commands are refused with NOT_RUNNING where the service stands still, with NOT_FOUND where there is none',
    run: (harness) =>
      withService(harness, async (service, engine) => {
        await engine.stopContainer(service.name)
        await rejectsWith(engine.exec(service.name, print('x')), 'NOT_RUNNING')
        await rejectsWith(engine.exec('osbcmissing', print('x')), 'NOT_FOUND')
        await rejectsWith(engine.startContainer('osbcmissing'), 'NOT_FOUND')
        await rejectsWith(engine.logs('osbcmissing'), 'NOT_FOUND')
      }),
  },
  {
    name: 'a port that another process has taken is left to it, and the next one is used',
    async run(harness) {
      const [service, engine] = [testService(harness), harness.engine()]
      const [wanted = 0] = candidatePorts(service.name, defaultPortRange)
      const other = await listen(wanted)
      try {
        const status = await service.ensure(engine)
        assert.notEqual(status.ports['http'], wanted)
        assert.equal(await eventually(() => read(status)), 'ENOENT')
      } finally {
        other.close()
        await service.remove(engine)
      }
    },
  },
  {
    name: 'an image that is nowhere to be had is IMAGE_UNAVAILABLE',
    only: 'docker',
    run: async (harness) =>
      rejectsWith(harness.engine().ensureImage('osb-local.invalid/nothing:1'), 'IMAGE_UNAVAILABLE'),
  },
  {
    name: 'hasImage tells what is there from what is not, and fetches nothing',
    only: 'docker',
    async run(harness) {
      const image = await harness.engine().ensureImage(harness.image)
      assert.equal(await harness.engine().hasImage(image), true)
      assert.equal(await harness.engine().hasImage('osb-local.invalid/nothing:1'), false)
    },
  },
]

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen({ host: '127.0.0.1', port }, () => resolve(server))
  })
}
