import { type Loose, onBody } from '../brokers/fault.js'
import { type Mutant, mutant } from './mutant.js'
import { withoutField } from './shared-faults.js'

const data = ['credentials', 'syslog_drain_url', 'route_service_url', 'volume_mounts', 'endpoints']

/** What binds and fetches of bindings with credentials say. */
const inBinding = (change: (body: Loose) => Loose) => () =>
  onBody(['bind', 'fetchBinding'], (body) => (body['credentials'] === undefined ? body : change(body)))

const dated = (metadata: object) => inBinding((body) => ({ ...body, metadata }))

const bodies: readonly Mutant[] = [
  mutant('bind-gives-nothing', 'BIND-06 BIND-43', 'Neither the bind nor a fetch gives the data of the binding.', () =>
    withoutField(['bind', 'fetchBinding'], ...data),
  ),
  mutant('bind-without-credentials', 'BIND-43', 'A bind gives no credentials, though a fetch has some.', () =>
    withoutField(['bind'], 'credentials'),
  ),
  mutant('bind-without-endpoints', 'BIND-07 BIND-09', 'There are credentials, but no endpoints.', () =>
    withoutField(['bind', 'fetchBinding'], 'endpoints'),
  ),
  mutant(
    'bind-shared-credentials',
    'BIND-08',
    'All bindings have the same credentials.',
    inBinding((body) => ({
      ...body,
      credentials: { uri: 'db://admin:admin@db.test', username: 'admin', password: 'admin' },
    })),
  ),
  mutant(
    'bind-credentials-text',
    'BIND-43',
    '`credentials` is a text.',
    inBinding((body) => ({ ...body, credentials: 'user:password' })),
  ),
  mutant('bind-password-in-metadata', 'BIND-42', 'The metadata of a binding has the password.', () =>
    onBody(
      ['bind'],
      (body) => ({ ...body, metadata: { ...(body['metadata'] as object), ...(body['credentials'] as object) } }),
      [200, 201],
    ),
  ),
  mutant('bind-unannounced-drain', 'BIND-45', 'A binding has a log drain that the catalog does not announce.', () =>
    onBody(['bind'], (body) => ({ ...body, syslog_drain_url: 'syslog://logs.test:514' }), [200, 201]),
  ),
  mutant(
    'bind-unannounced-route',
    'BIND-48 RTE-01',
    'A binding has a route service that the catalog does not announce.',
    () => onBody(['bind'], (body) => ({ ...body, route_service_url: 'https://route.test' }), [200, 201]),
  ),
  mutant('bind-unannounced-volume', 'BIND-50', 'A binding has a volume that the catalog does not announce.', () =>
    onBody(
      ['bind'],
      (body) => ({
        ...body,
        volume_mounts: [
          { driver: 'nfs', container_dir: '/d', mode: 'r', device_type: 'shared', device: { volume_id: 'v' } },
        ],
      }),
      [200, 201],
    ),
  ),
  mutant('drain-without-url', 'LOG-01', 'A log drain gives no `syslog_drain_url`.', () =>
    withoutField(['bind', 'fetchBinding'], 'syslog_drain_url'),
  ),
  mutant(
    'endpoint-without-host',
    'END-01',
    'An endpoint has no host.',
    inBinding((body) => ({ ...body, endpoints: [{ ports: ['5432'] }] })),
  ),
  mutant(
    'endpoint-with-two-hosts',
    'END-01',
    'The host of an endpoint is a list.',
    inBinding((body) => ({ ...body, endpoints: [{ host: 'a.test,b.test', ports: ['5432'] }] })),
  ),
  mutant(
    'endpoint-port-number',
    'END-02',
    'A port is a number.',
    inBinding((body) => ({ ...body, endpoints: [{ host: 'a.test', ports: [5432] }] })),
  ),
  mutant(
    'endpoint-no-ports',
    'END-02',
    'An endpoint has an empty list of ports.',
    inBinding((body) => ({ ...body, endpoints: [{ host: 'a.test', ports: [] }] })),
  ),
  mutant(
    'endpoint-port-name',
    'END-02',
    'A port is called `postgres`.',
    inBinding((body) => ({ ...body, endpoints: [{ host: 'a.test', ports: ['postgres'] }] })),
  ),
  mutant(
    'endpoints-object',
    'BIND-52 END-01',
    '`endpoints` is an object.',
    inBinding((body) => ({ ...body, endpoints: { host: 'a.test', ports: ['5432'] } })),
  ),
  mutant(
    'expires-at-without-fraction',
    'BMD-02',
    '`expires_at` has no fraction of a second.',
    dated({ expires_at: '2999-12-31T23:59:59Z' }),
  ),
  mutant(
    'expires-at-with-offset',
    'BMD-02',
    '`expires_at` is not in UTC.',
    dated({ expires_at: '2999-12-31T23:59:59.0+02:00' }),
  ),
  mutant('expires-at-number', 'BMD-02', '`expires_at` is a number of seconds.', dated({ expires_at: 32503679999 })),
  mutant(
    'renew-before-date-only',
    'BMD-08',
    '`renew_before` is a date without a time.',
    dated({ renew_before: '2999-12-31' }),
  ),
  mutant(
    'renew-after-expiry',
    'BMD-06',
    '`renew_before` is after `expires_at`.',
    dated({ expires_at: '2999-01-01T00:00:00.0Z', renew_before: '2999-06-01T00:00:00.0Z' }),
  ),
  mutant(
    'renew-at-expiry',
    'BMD-07',
    '`renew_before` is the moment of `expires_at`.',
    dated({ expires_at: '2999-01-01T00:00:00.0Z', renew_before: '2999-01-01T00:00:00.0Z' }),
  ),
]

/** Brokers whose bindings have wrong data (BIND, LOG, RTE, END, BMD). */
export const bindingDataMutants: readonly Mutant[] = bodies
