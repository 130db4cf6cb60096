import { answer, answerWhen, fetches, onAnswer, onBody, onStatus } from '../brokers/fault.js'
import { type Mutant, mutant } from './mutant.js'
import { errorFor, once, withoutField } from './shared-faults.js'

const instances: readonly Mutant[] = [
  mutant('fetch-instance-missing', 'GETI-01', 'Instances are declared retrievable, but cannot be fetched.', () =>
    answerWhen(
      ['fetchInstance'],
      () => true,
      () => answer(404, { description: 'There is no such path.' }),
    ),
  ),
  mutant('fetch-instance-405', 'GETI-01', 'A fetch of an instance is answered 405.', () =>
    answerWhen(
      ['fetchInstance'],
      () => true,
      () => answer(405, { description: 'No such method.' }),
    ),
  ),
  mutant(
    'fetch-instance-missing-after-async',
    'GETI-02',
    'After `succeeded` the first fetch of the instance finds nothing.',
    () => {
      const fetched = new Set<string>()
      const asynchronous = new Set<string>()
      return async (call, next) => {
        const answered = await next(call)
        if (call.operation === 'provision' && answered.status === 202) asynchronous.add(call.instance_id)
        if (call.operation !== 'fetchInstance' || answered.status !== 200) return answered
        if (!asynchronous.has(call.instance_id) || fetched.has(call.instance_id)) return answered
        fetched.add(call.instance_id)
        return answer(404, { description: 'There is no such instance.' })
      }
    },
  ),
  mutant('fetch-instance-201', 'GETI-08 ERR-02', 'A fetch of an instance is answered 201.', () =>
    onStatus(['fetchInstance'], { 200: 201 }),
  ),
  mutant('fetch-unknown-instance-410', 'GETI-09', 'A fetch of an unknown instance is answered 410.', () =>
    onStatus(['fetchInstance'], { 404: 410 }),
  ),
  mutant('fetch-unknown-instance-200', 'GETI-09', 'A fetch of an unknown instance is answered 200 with `{}`.', () =>
    onStatus(['fetchInstance'], { 404: 200 }, () => ({})),
  ),
  mutant('fetch-unknown-instance-500', 'GETI-09 ERR-02', 'A fetch of an unknown instance is answered 500.', () =>
    onStatus(['fetchInstance'], { 404: 500 }),
  ),
  mutant('fetch-instance-while-made', 'GETI-09', 'An instance that is still being made is answered 200.', () => {
    const begun = new Set<string>()
    return async (call, next) => {
      const answered = await next(call)
      if (call.operation === 'provision' && answered.status === 202) begun.add(call.instance_id)
      return call.operation === 'fetchInstance' && answered.status === 404 && begun.has(call.instance_id)
        ? answer(200, { parameters: {} })
        : answered
    }
  }),
  mutant('fetch-instance-500-during-update', 'GETI-10', 'While an update runs, a fetch is answered 500.', () =>
    duringUpdate(500),
  ),
  mutant('fetch-instance-409-during-update', 'GETI-10', 'While an update runs, a fetch is answered 409.', () =>
    duringUpdate(409),
  ),
  mutant('fetch-instance-other-dashboard', 'GETI-13', 'A fetch has another dashboard than the provision had.', () =>
    onBody(['fetchInstance'], (body) => ({ ...body, dashboard_url: `https://other.test/${String(body['plan_id'])}` })),
  ),
]

function duringUpdate(status: number) {
  const updating = new Set<string>()
  return onAnswer(['update', 'fetchInstance', 'lastInstanceOperation'], (answered, call) => {
    if (call.operation === 'update' && answered.status === 202) updating.add(call.instance_id)
    if (call.operation === 'lastInstanceOperation' && !answered.text.includes('in progress'))
      updating.delete(call.instance_id)
    return call.operation === 'fetchInstance' && updating.has(call.instance_id)
      ? answer(status, { description: 'It is being updated.' })
      : answered
  })
}

const mounts =
  (device: object | undefined, more: object = {}) =>
  () =>
    onBody(['bind', 'fetchBinding'], (body) =>
      body['volume_mounts'] === undefined
        ? body
        : {
            ...body,
            volume_mounts: [
              { driver: 'nfs', container_dir: '/data', mode: 'rw', device_type: 'shared', device, ...more },
            ],
          },
    )

const bindings: readonly Mutant[] = [
  mutant('fetch-binding-missing', 'GETB-01', 'Bindings are declared retrievable, but cannot be fetched.', () =>
    answerWhen(
      ['fetchBinding'],
      () => true,
      () => answer(404, { description: 'There is no such path.' }),
    ),
  ),
  mutant(
    'fetch-binding-missing-after-async',
    'GETB-02',
    'After `succeeded` the first fetch of the binding finds nothing.',
    () => {
      const fetched = new Set<string>()
      const asynchronous = new Set<string>()
      return async (call, next) => {
        const answered = await next(call)
        if (call.operation === 'bind' && answered.status === 202) asynchronous.add(call.binding_id)
        if (call.operation !== 'fetchBinding' || answered.status !== 200) return answered
        if (!asynchronous.has(call.binding_id) || fetched.has(call.binding_id)) return answered
        fetched.add(call.binding_id)
        return answer(404, { description: 'There is no such binding.' })
      }
    },
  ),
  mutant('fetch-binding-202', 'GETB-07 ERR-02', 'A fetch of a binding is answered 202.', () =>
    onStatus(['fetchBinding'], { 200: 202 }),
  ),
  mutant('fetch-unknown-binding-410', 'GETB-08', 'A fetch of an unknown binding is answered 410.', () =>
    onStatus(['fetchBinding'], { 404: 410 }),
  ),
  mutant('fetch-unknown-binding-200', 'GETB-08', 'A fetch of an unknown binding is answered 200.', () =>
    onStatus(['fetchBinding'], { 404: 200 }, () => ({})),
  ),
  mutant('fetch-binding-while-made', 'GETB-08', 'A binding that is still being made is answered 200.', () => {
    const begun = new Set<string>()
    return async (call, next) => {
      const answered = await next(call)
      if (call.operation === 'bind' && answered.status === 202) begun.add(call.binding_id)
      return call.operation === 'fetchBinding' && answered.status === 404 && begun.has(call.binding_id)
        ? answer(200, { credentials: {} })
        : answered
    }
  }),
  mutant('fetch-binding-once-only-500', 'GETB-07', 'The second fetch of a binding is answered 500.', () =>
    once(
      ({ status }, { operation }) => operation === 'fetchBinding' && status === 200,
      () => answer(500, { description: 'Oh.' }),
    ),
  ),
  mutant('fetch-binding-password-in-metadata', 'GETB-12', 'The metadata of a fetched binding has the password.', () =>
    onBody(['fetchBinding'], (body) => ({
      ...body,
      metadata: { ...(body['metadata'] as object), ...(body['credentials'] as object) },
    })),
  ),
  mutant(
    'fetch-binding-without-credentials',
    'GETB-13',
    'A binding that was made asynchronously is fetched without credentials.',
    () => {
      const asynchronous = new Set<string>()
      return onAnswer(['bind', 'fetchBinding'], (answered, call) => {
        if (call.operation === 'bind' && answered.status === 202) asynchronous.add(call.binding_id)
        return call.operation === 'fetchBinding' && answered.status === 200 && asynchronous.has(call.binding_id)
          ? answer(200, { endpoints: [{ host: 'db.reference.test', ports: ['5432'] }] })
          : answered
      })
    },
  ),
  mutant(
    'fetch-binding-unannounced-drain',
    'GETB-15',
    'A fetched binding has a log drain that the catalog does not announce.',
    () => onBody(['fetchBinding'], (body) => ({ ...body, syslog_drain_url: 'syslog://logs.test:514' })),
  ),
  mutant(
    'fetch-binding-unannounced-route',
    'GETB-17',
    'A fetched binding has a route service that the catalog does not announce.',
    () => onBody(['fetchBinding'], (body) => ({ ...body, route_service_url: 'https://route.test' })),
  ),
  mutant(
    'fetch-binding-unannounced-volume',
    'GETB-18',
    'A fetched binding has a volume that the catalog does not announce.',
    () =>
      onBody(['fetchBinding'], (body) => ({
        ...body,
        volume_mounts: [
          { driver: 'nfs', container_dir: '/d', mode: 'r', device_type: 'shared', device: { volume_id: 'v' } },
        ],
      })),
  ),
  mutant('fetch-binding-other-credentials', 'GETB-07', 'A fetch has other credentials than the bind had.', () =>
    onBody(['fetchBinding'], (body) => (body['credentials'] ? { ...body, credentials: { token: 'another' } } : body)),
  ),
  mutant('fetch-binding-other-endpoints', 'GETB-19', 'A fetch has fewer endpoints than the bind had.', () =>
    onBody(['fetchBinding'], (body) => (body['endpoints'] ? { ...body, endpoints: [] } : body)),
  ),
  mutant('fetch-404-for-all', 'GETI-01 GETB-01', 'Nothing can be fetched.', () => errorFor(fetches, 200, 404)),
]

const volumes: readonly Mutant[] = [
  mutant('volume-without-mounts', 'VOL-01', 'A bind of a volume service has no mounts.', () =>
    withoutField(['bind', 'fetchBinding'], 'volume_mounts'),
  ),
  mutant(
    'volume-without-driver',
    'VOL-02',
    'A mount has no driver.',
    mounts({ volume_id: 'v' }, { driver: undefined }),
  ),
  mutant(
    'volume-without-container-dir',
    'VOL-03',
    'A mount has no `container_dir`.',
    mounts({ volume_id: 'v' }, { container_dir: undefined }),
  ),
  mutant('volume-mode', 'VOL-04', 'The mode of a mount is `w`.', mounts({ volume_id: 'v' }, { mode: 'w' })),
  mutant('volume-without-mode', 'VOL-04', 'A mount has no mode.', mounts({ volume_id: 'v' }, { mode: undefined })),
  mutant(
    'volume-device-type',
    'VOL-05',
    'The device type is `local`.',
    mounts({ volume_id: 'v' }, { device_type: 'local' }),
  ),
  mutant('volume-without-device', 'VOL-06', 'A mount has no device.', mounts(undefined)),
  mutant('volume-without-id', 'VOL-07', 'A device has no `volume_id`.', mounts({ mount_config: {} })),
]

/** Brokers that are fetched from wrongly, and those with wrong volumes (GETI, GETB, VOL). */
export const fetchMutants: readonly Mutant[] = [...instances, ...bindings, ...volumes]
