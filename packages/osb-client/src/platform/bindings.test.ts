import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readVcapServices } from 'vcap-services'
import { describe, expect, it } from 'vitest'
import { platformWithBroker } from '../../test/support/open-test-platform.js'
import { composeApplication, composeServices, composeVariables } from './app-environment.js'
import { composeBindingFolders, composeServicesFile, writeBindingFiles } from './binding-files.js'
import { findApp } from './find.js'

const order = { offering: 'collector', plan: 'large', name: 'records' }

describe('bindings', () => {
  it('CFC-07: asks as Cloud Controller does, for an app and for a key', async () => {
    const { platform, broker } = await platformWithBroker()
    await platform.createInstance(order)
    await platform.bind({ instance: 'records', app: 'shop', name: 'db', parameters: { role: 'reader' } })
    await platform.bind({ instance: 'records', name: 'key' })
    const { target, apps } = platform.state()
    const place = { ...target, organization_name: 'local-org', space_name: 'local-space' }
    const context = { platform: 'cloudfoundry', ...place, organization_annotations: {}, space_annotations: {} }
    const common = { service_id: 'collector-id', plan_id: 'large-id', context }
    const app_guid = apps[0]?.guid
    expect(broker.requests.filter(({ operation }) => operation === 'bind').map(({ body }) => body)).toEqual([
      {
        ...common,
        app_guid,
        bind_resource: { app_guid, space_guid: target.space_guid },
        parameters: { role: 'reader' },
      },
      { ...common, bind_resource: {} },
    ])
  })

  it('gives an app the binding that it has, and another where it is asked to', async () => {
    const { platform } = await platformWithBroker()
    await platform.createInstance(order)
    const first = await platform.bind({ instance: 'records', app: 'shop' })
    expect((await platform.bind({ instance: 'records', app: 'shop' })).guid).toBe(first.guid)
    const again = await platform.bind({ instance: 'records', app: 'shop', again: true })
    expect(again.guid).not.toBe(first.guid)
    expect(await platform.removeOutdated('shop')).toMatchObject([{ guid: first.guid }])
    expect(platform.state().bindings.map(({ guid }) => guid)).toEqual([again.guid])
  })

  it('LOB-01: fetches what an asynchronous bind made', async () => {
    const { platform, broker } = await platformWithBroker()
    await platform.createInstance(order)
    broker.next('bind', { fault: 'async', polls: 0 })
    const { guid, credentials } = await platform.bind({ instance: 'records', app: 'shop' })
    expect(credentials).toEqual({ uri: `fake://${guid}` })
  })

  it('takes back a bind that failed, and keeps one that the broker says has failed', async () => {
    const { platform, broker } = await platformWithBroker()
    await platform.createInstance(order)
    broker.next('bind', { fault: 'error', status: 500, done: true })
    await expect(platform.bind({ instance: 'records', app: 'shop' })).rejects.toMatchObject({ status: 500 })
    expect(broker.requests.at(-1)?.operation).toBe('unbind')
    expect(platform.state().bindings).toEqual([])
    broker.next('bind', { fault: 'async', polls: 0, end: 'failed' })
    await expect(platform.bind({ instance: 'records', app: 'shop' })).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
    })
    const state = platform.state()
    expect(composeServices(state, findApp(state, 'shop'))).toEqual({})
    await platform.unbindApp('shop', 'records')
    await expect(platform.unbindApp('shop', 'records')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('ROT-01: makes the successor of a binding in version 2.17, and of none that cannot be rotated', async () => {
    const { platform, broker } = await platformWithBroker()
    await platform.createInstance(order)
    await platform.createInstance({ ...order, plan: 'normal', name: 'fixed' })
    const first = await platform.bind({ instance: 'records', app: 'shop', name: 'db' })
    await platform.bind({ instance: 'fixed', app: 'shop' })
    const second = await platform.rotateBinding('shop', 'records')
    const request = broker.requests.find(({ path }) => path.includes(second.guid))
    expect(request?.body).toMatchObject({ predecessor_binding_id: first.guid })
    expect(request?.headers).toMatchObject({ 'x-broker-api-version': '2.17' })
    expect(second.name).toBe('db')
    await expect(platform.rotateBinding('shop', 'fixed')).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
  })

  it('keys have names of their own, and go away by them', async () => {
    const { platform } = await platformWithBroker()
    await platform.createInstance(order)
    await platform.bind({ instance: 'records', name: 'key' })
    await expect(platform.bind({ instance: 'records', name: 'key' })).rejects.toMatchObject({ code: 'EXISTS' })
    await platform.deleteKey('records', 'key')
    await expect(platform.deleteKey('records', 'key')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('forgets an app with its bindings', async () => {
    const { platform, broker } = await platformWithBroker()
    const { guid } = await platform.createInstance(order)
    const binding = await platform.bind({ instance: 'records', app: 'shop' })
    await platform.deleteApp('shop')
    expect(broker.hasBinding(guid, binding.guid)).toBe(false)
    expect(platform.state()).toMatchObject({ apps: [], bindings: [], instances: [{ name: 'records' }] })
  })
})

describe('the environment of an app', () => {
  async function boundApp() {
    const { platform } = await platformWithBroker()
    await platform.createInstance({ ...order, tags: ['own'] })
    await platform.bind({ instance: 'records', app: 'shop', name: 'db' })
    const credentials = { uri: 'smtp://mail', pool: { size: 2 }, empty: [], type: 'lost' }
    await platform.createUserProvided('mail', { credentials, tags: ['mail'], syslog_drain_url: 'https://drain' })
    await platform.bind({ instance: 'mail', app: 'shop' })
    const state = platform.state()
    return { platform, state, app: findApp(state, 'shop') }
  }

  it('has the services as Cloud Controller composes them', async () => {
    const { state, app, platform } = await boundApp()
    const [managed, provided] = state.bindings
    expect(composeServices(state, app)).toEqual({
      collector: [
        expect.objectContaining({
          label: 'collector',
          provider: null,
          plan: 'large',
          name: 'db',
          tags: ['collector', 'own'],
          binding_guid: managed?.guid,
          credentials: { uri: `fake://${managed?.guid}` },
        }),
      ],
      'user-provided': [
        expect.objectContaining({
          label: 'user-provided',
          name: 'mail',
          binding_guid: provided?.guid,
          syslog_drain_url: 'https://drain',
        }),
      ],
    })
    await platform.updateUserProvided('mail', { credentials: { uri: 'smtp://other' } })
    const { VCAP_SERVICES = '' } = composeVariables(platform.state(), app)
    expect(readVcapServices({ value: VCAP_SERVICES }).credentials('mail')).toEqual({ uri: 'smtp://other' })
  })

  it('has the application as Cloud Controller composes it', async () => {
    const { state, app } = await boundApp()
    expect(composeApplication(state, app)).toMatchObject({
      application_id: app.guid,
      name: 'shop',
      space_name: 'local-space',
      organization_name: 'local-org',
      process_type: 'web',
    })
  })

  it('can be files, which the readers of apps understand', async () => {
    const { state, app } = await boundApp()
    const services = composeServices(state, app)
    const root = mkdtempSync(join(tmpdir(), 'osb-files-'))
    try {
      const files = composeBindingFolders(services)
      expect(files.get(join('mail', 'type'))).toBe('user-provided')
      expect(files.get(join('mail', 'pool'))).toBe('{"size":2}')
      expect(files.has(join('mail', 'empty'))).toBe(false)
      expect(files.get(join('db', 'instance-name'))).toBe('records')
      writeBindingFiles(root, files)
      expect(statSync(join(root, 'db', 'uri')).mode & 0o777).toBe(0o600)
      const read = readVcapServices({ env: { SERVICE_BINDING_ROOT: root } })
      expect(read.credentials('db')).toEqual({ uri: services['collector']?.[0]?.credentials?.['uri' as never] })
      writeBindingFiles(root, composeServicesFile(services))
      expect(JSON.parse(readFileSync(join(root, 'vcap_services'), 'utf8'))).toEqual(services)
    } finally {
      rmSync(root, { recursive: true })
    }
  })

  it.each([
    ['a name that is no folder', [{ name: 'No Folder' }]],
    ['a name that leads out', [{ name: '..' }]],
    ['a name twice', [{ name: 'a' }, { name: 'a' }]],
    ['a key that is no file', [{ name: 'a', credentials: { 'A/B': 'x' } }]],
    ['too many bytes', [{ name: 'a', credentials: { a: 'x'.repeat(1_000_000) } }]],
  ])('refuses %s as files', (_what, entries) => {
    const services = { label: entries.map((entry) => ({ label: 'label', credentials: {}, ...entry })) }
    expect(() => composeBindingFolders(services as never)).toThrow(expect.objectContaining({ code: 'INVALID' }))
  })
})
