import assert from 'node:assert/strict'
import { type ContractCase, eventually, read, rejectsWith, testService, withService, write } from './harness.js'

/** Cases about the life of one service. */
export const serviceCases: readonly ContractCase[] = [
  {
    name: 'ensuring twice makes one service, and the second time changes nothing',
    run: (harness) =>
      withService(harness, async (service, engine, first) => {
        await write(first, 'kept')
        const second = await service.ensure(engine)
        assert.deepEqual(
          { ports: second.ports, host: second.host, state: second.state },
          {
            ports: first.ports,
            host: first.host,
            state: 'running',
          },
        )
        assert.equal(await read(second), 'kept')
        const kinds = (await engine.list(service.own)).map(({ kind }) => kind).sort()
        assert.deepEqual(kinds, ['container', 'network', 'volume', 'volume'])
      }),
  },
  {
    name: 'a service that was stopped and started has its data and its port',
    run: (harness) =>
      withService(harness, async (service, engine, first) => {
        await write(first, 'durable')
        await engine.stopContainer(service.name)
        await engine.stopContainer(service.name)
        assert.equal((await engine.inspectContainer(service.name))?.state, 'stopped')
        await engine.startContainer(service.name)
        await engine.startContainer(service.name)
        const second = await engine.inspectContainer(service.name)
        assert.deepEqual(second?.ports, first.ports)
        assert.equal(await eventually(() => read(first)), 'durable')
      }),
  },
  {
    name: 'a service made anew on the same volume has its data, and its port where it is still free',
    run: (harness) =>
      withService(harness, async (service, engine, first) => {
        await write(first, 'durable')
        await engine.remove({ kind: 'container', name: service.name })
        const second = await service.ensure(engine)
        assert.deepEqual(second.ports, first.ports)
        assert.equal(await eventually(() => read(second)), 'durable')
      }),
  },
  {
    name: 'the service reads its secret files, and they stand in no label, argument or variable',
    run: (harness) =>
      withService(harness, async (service, engine, status) => {
        assert.equal(await read(status, '/secret'), 'a secret text')
        assert.doesNotMatch(JSON.stringify([status, await engine.list(service.own)]), /a secret text/)
      }),
  },
  {
    name: 'an engine object made later, as after a crash of the broker, adopts what it finds',
    run: (harness) =>
      withService(harness, async (service, _engine, first) => {
        const later = harness.engine()
        const found = await later.inspectContainer(service.name)
        assert.deepEqual(found?.place, first.place)
        assert.deepEqual((await service.ensure(later)).ports, first.ports)
        assert.equal((await later.exec(service.name, ['node', '-e', ''])).exitCode, 0)
        await service.remove(later)
        assert.equal(await later.inspectContainer(service.name), undefined)
      }),
  },
  {
    name: 'two brokers racing for one name make one service',
    async run(harness) {
      const service = testService(harness)
      const [one, other] = [harness.engine(), harness.engine()]
      const racing = [service.ensure(one), service.ensure(other)] as const
      try {
        const [first, second] = await Promise.all(racing)
        assert.deepEqual(first.ports, second.ports)
        assert.equal((await one.list(service.own)).length, 4)
        await eventually(() => read(first))
      } finally {
        await Promise.allSettled(racing)
        await service.remove(one)
      }
    },
  },
  {
    name: 'another specification under the same name is refused with NAME_TAKEN',
    run: (harness) =>
      withService(harness, async (service, engine) => {
        const image = await engine.ensureImage(harness.image)
        const other = { ...service.containerSpec(image), ports: { http: 9090 } }
        await rejectsWith(engine.ensureContainer(other), 'NAME_TAKEN')
        assert.equal((await engine.inspectContainer(service.name))?.state, 'running')
      }),
  },
  {
    name: 'a renamed container keeps its ports and data, and a new one in its place takes the ports over and back',
    run: (harness) =>
      withService(harness, async (service, engine, first) => {
        const kept = `${service.name}k`
        const image = await engine.ensureImage(harness.image)
        await write(first, 'durable')
        await engine.stopContainer(service.name)
        await engine.renameContainer(service.name, kept)
        await engine.renameContainer(service.name, kept)
        assert.equal(await engine.inspectContainer(service.name), undefined)
        assert.deepEqual((await engine.inspectContainer(kept))?.ports, first.ports)
        const changed = { ...service.containerSpec(image), limits: { memoryMb: 96 }, portsOf: kept }
        const second = await engine.ensureContainer(changed)
        assert.deepEqual(second.ports, first.ports)
        assert.equal(await eventually(() => read(second)), 'durable')
        await rejectsWith(engine.renameContainer(kept, service.name), 'NAME_TAKEN')
        await engine.remove({ kind: 'container', name: service.name })
        await engine.renameContainer(kept, service.name)
        await engine.startContainer(service.name)
        assert.equal(await eventually(() => read(first)), 'durable')
        await rejectsWith(engine.renameContainer('osbcmissing', 'osbcother'), 'NOT_FOUND')
      }),
  },
  {
    name: 'removing is complete and may be repeated',
    run: (harness) =>
      withService(harness, async (service, engine) => {
        const resources = await engine.list(service.own)
        for (const resource of [...resources, ...resources]) await engine.remove(resource)
        assert.deepEqual(await engine.list(service.own), [])
        assert.equal(await engine.inspectContainer(service.name), undefined)
      }),
  },
]
