import { z } from 'zod'

const text = z.string().min(1)
const names = z.record(z.string().regex(/^[A-Za-z0-9_.-]+$/), z.string())
const count = z.int().min(1)
/** A number, or a text of digits, which is what a variable of the environment gives. */
const port = z.union([
  z.int().min(0).max(65_535),
  z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port')
    .transform(Number),
])

const image = z.union([
  text,
  z.strictObject({
    reference: text.describe('Such as redis:8; with a digest (redis@sha256:…) it is this content and no other.'),
    policy: z.enum(['missing', 'always', 'never']).optional().describe('When to fetch it. Default: missing.'),
    archive: text.optional().describe('A file of `docker save`, plain or packed, taken in place of the registry.'),
    login: z.strictObject({ username: text, password: text }).optional().describe('Login of the registry.'),
  }),
])

const plan = z.strictObject({
  id: text.describe('Globally unique, a GUID; never change it.'),
  name: text,
  description: text,
  free: z.boolean().optional(),
  retired: z.boolean().optional().describe('Whether nobody gets it any more; those who have it keep it.'),
  metadata: z.record(z.string(), z.json()).optional(),
  memoryMb: count.optional().describe('Memory in MiB; also tunes the service.'),
  cpus: z.number().positive().optional().describe('Whole processors, such as 0.5.'),
  pids: count.optional().describe('Processes and threads. Default: 256.'),
  diskMb: count.optional().describe('MiB of a data volume, held by the engine if its storage driver can; check tells.'),
  storageMb: count
    .optional()
    .describe('MiB of data, held by the recipe: over it nobody can write until there is less.'),
  connections: count.optional().describe('Connections of the instance at once.'),
  connectionsPerBinding: count.optional().describe('Connections of one binding at once.'),
  quota: count.optional().describe('How many instances of this plan there may be.'),
})

const catalog = {
  id: text.describe('Globally unique, a GUID; never change it.'),
  name: text,
  description: text,
  tags: z.array(text).optional(),
  metadata: z.record(z.string(), z.json()).optional(),
  plans: z.array(plan).min(1),
  quota: z
    .strictObject({ instances: count.optional(), perOrganization: count.optional() })
    .optional()
    .describe('How many instances there may be.'),
}

const owner = z
  .strictObject({ uid: count, gid: count })
  .optional()
  .describe('Account that it runs as. Default: 999, 999.')

const versions = z
  .strictObject({
    current: text.describe('Of the image, such as 17.2.0; platforms offer upgrades by it.'),
    sameDataFormat: z.array(text).describe('Versions whose data this image takes over; instances of others stay.'),
    description: text.optional(),
  })
  .optional()
  .describe('Default: instances keep the image that they were made with.')

const database = z.strictObject({
  ...catalog,
  versions,
  recipe: z.enum(['postgresql', 'mariadb', 'mysql', 'redis', 'rabbitmq']),
  image: image.optional().describe('Default: the official image.'),
  user: owner,
})

const ready = z.union([
  z.strictObject({ port: text.describe('Name of a port that takes connections and keeps them.') }),
  z.strictObject({ http: text.describe('Name of a port.'), path: z.string().regex(/^\//).optional() }),
  z.strictObject({ command: z.array(text).min(1).describe('Ready when it ends with exit code 0.') }),
  z.strictObject({ health: z.literal(true).describe("The image's own health check says healthy.") }),
  z.strictObject({ log: text.describe('A regular expression that a line of the log matches.') }),
])
const commandTemplate = z.strictObject({ command: z.array(text).min(1), stdin: z.string().optional() })

const container = z.strictObject({
  ...catalog,
  versions,
  recipe: z.literal('container'),
  image,
  user: owner,
  ports: z.record(text, z.int().min(1).max(65_535)).describe('Ports inside the container by name.'),
  volumes: z.record(text, z.string().regex(/^\//, 'must be an absolute path')).optional(),
  secrets: z.array(text).optional().describe('Names of secrets that are made for each instance.'),
  secretFiles: names.optional().describe('Files in /run/secrets by name.'),
  command: z.array(text).min(1).optional(),
  env: names.optional().describe('Everybody who may inspect the engine can read it: no secrets.'),
  secretsInEnvironment: z
    .boolean()
    .optional()
    .describe('Whether env may have {{secrets.NAME}}, for images that know no other way. Visible to the engine.'),
  ready: z.array(ready).min(1).describe('All of them must hold.'),
  readyTimeoutSeconds: count.optional(),
  bind: commandTemplate.optional().describe('Makes the login of a binding.'),
  unbind: commandTemplate.optional().describe('Takes it away.'),
  credentials: z.record(z.string(), z.json()).describe('What a binding gives; texts may have {{variables}}.'),
  syslog_drain_url: text.optional(),
})

const engine = z.union([
  z.strictObject({
    kind: z.literal('docker'),
    socketPath: text.optional().describe('Default: what DOCKER_HOST says, else the usual socket.'),
    tcp: z
      .strictObject({ host: text, port: count.optional(), caFile: text, certificateFile: text, keyFile: text })
      .optional()
      .describe('An engine of another host, by TLS with a client certificate. Port: 2376.'),
    network: text
      .optional()
      .describe(
        'An existing network that services join; no port is published, and containers there reach them by name.',
      ),
    ports: z.strictObject({ first: count, last: count }).optional().describe('Host ports. Default: 20000 to 29999.'),
    publishHost: text.optional().describe('Address to publish on. Default: 127.0.0.1.'),
    advertiseHost: text.optional().describe('Host that credentials have. Default: publishHost.'),
    subnets: z
      .strictObject({ range: text, prefixLength: z.int().min(8).max(30).optional() })
      .optional()
      .describe('Addresses for networks of instances. Default: 10.217.0.0/16.'),
  }),
  z.strictObject({ kind: z.literal('embedded'), folder: text }),
])

const secretOrFile = 'Or give a file in its place.'

/** What a broker's file says, before secrets are read from the files that it names. */
export const brokerFileSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be a-z, 0-9 and -, at most 63 characters')
    .describe('Stands on all that it makes; two brokers on one engine need two names. Never change it.'),
  listen: z.strictObject({
    host: text.optional().describe('Default: 127.0.0.1.'),
    port,
    tls: z.strictObject({ keyFile: text, certificateFile: text }).optional(),
  }),
  login: z.strictObject({
    username: text,
    password: text.optional().describe(secretOrFile),
    passwordFile: text.optional(),
  }),
  store: z.union([
    z.strictObject({ sqlite: text.describe('File, made when absent.') }),
    z.strictObject({ postgres: text.describe('Such as postgres://user:password@host/database.') }),
  ]),
  encryptionKey: text.optional().describe(`32 bytes as Base64 or hexadecimal digits. ${secretOrFile}`),
  encryptionKeyFile: text.optional(),
  engine: engine.optional().describe('Default: Docker.'),
  quota: z.strictObject({ instances: count }).optional().describe('Instances of this broker, all offerings together.'),
  prefetch: z.boolean().optional().describe('Whether images that are missing are fetched at start. Default: true.'),
  lenient: z.boolean().optional().describe('Take requests without version header and of any content type.'),
  offerings: z.array(z.discriminatedUnion('recipe', [database, container])).min(1),
})

export type BrokerFile = z.output<typeof brokerFileSchema>
export type FileOffering = BrokerFile['offerings'][number]

/** JSON Schema of the file, for editors. */
export function brokerFileJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(brokerFileSchema, { io: 'input', target: 'draft-7' }), title: 'docker-broker' }
}
