import { mask } from '../mask.js'
import { authorityOf, encode, userinfoOf } from './connection-uri.js'
import { fieldsOf, type CredentialsHolder } from './fields.js'
import { findUri, readServer, type ServerKind, type ServerService } from './server.js'

/** A MongoDB service. Logs and JSON show it as `[hidden]`; its fields are plain. */
export interface MongodbService extends ServerService {
  readonly database: string | null
  /** Whether the hosts are looked up in DNS (`mongodb+srv`); `port` means nothing then. */
  readonly isSrv: boolean
  /** Parameters of the URI that are about neither login nor TLS, such as `replicaSet`. */
  readonly parameters: Readonly<Record<string, string>>
}

/** The two arguments of mongodb's `MongoClient`. */
export interface MongodbOptions {
  /** Hosts, database and parameters; no login. */
  readonly url: string
  readonly options: {
    readonly auth?: { readonly username: string; readonly password?: string }
    readonly tls: boolean
    readonly ca?: string
    readonly cert?: string
    readonly key?: string
    readonly tlsAllowInvalidCertificates?: boolean
    readonly tlsAllowInvalidHostnames?: boolean
  }
}

const mongodb: ServerKind = { schemes: /^mongodb(?:\+srv)?$/, defaultPort: 27_017 }
const decidedElsewhere = /^(?:ssl|tls)|^(?:user|password)$/i

/**
 * Reads the credentials of a MongoDB service, whatever their spelling.
 *
 * @throws {VcapError} `INVALID_CREDENTIALS` without a host, or with a port that is none; `CREDHUB_REF`.
 * @example
 * const { url, options } = toMongodbOptions(readMongodb(services.get({ tag: 'mongodb' })))
 * const client = new MongoClient(url, options)
 */
export function readMongodb(service: CredentialsHolder): MongodbService {
  const fields = fieldsOf(service)
  const uri = findUri(fields, mongodb.schemes)
  const replicaSet = fields.text('replicaset', 'replicasetname', 'setname')
  const stated = [...(uri?.query ?? [])].filter(([name]) => !decidedElsewhere.test(name))
  const parameters = Object.fromEntries(replicaSet === null ? stated : [['replicaSet', replicaSet], ...stated])
  const database = fields.text('database', 'dbname', 'db', 'databasename') ?? (uri?.path || fields.text('name'))
  const isSrv = uri?.scheme === 'mongodb+srv'
  // The name in the URI is the one that DNS knows, whatever `host` says.
  const server = readServer(isSrv ? fieldsOf(service, withoutHosts(service)) : fields, mongodb, uri)
  return mask({ ...server, database, isSrv, parameters })
}

function withoutHosts({ credentials }: CredentialsHolder) {
  return Object.fromEntries(Object.entries(credentials).filter(([name]) => !/^(?:host|port)/i.test(name)))
}

/** Arguments for mongodb's `MongoClient`. */
export function toMongodbOptions(service: MongodbService): MongodbOptions {
  const { username, password, tls } = service
  const { ca, cert, key, verify } = tls ?? { ca: null, cert: null, key: null, verify: 'full' }
  const login = username === null ? undefined : mask({ username, ...(password === null ? {} : { password }) })
  return {
    url: `${startOf(service)}${restOf(service, service.parameters)}`,
    options: mask({
      ...(login === undefined ? {} : { auth: login }),
      tls: tls !== null,
      ...(ca === null ? {} : { ca }),
      ...(cert === null ? {} : { cert }),
      ...(key === null ? {} : { key }),
      ...(verify === 'none' ? { tlsAllowInvalidCertificates: true } : {}),
      ...(verify === 'full' ? {} : { tlsAllowInvalidHostnames: true }),
    }),
  }
}

/** A connection string; certificates do not fit into it. The string is a secret. */
export function toMongodbUrl(service: MongodbService): string {
  const { username, password, tls, parameters } = service
  const verify = { full: {}, ca: { tlsAllowInvalidHostnames: 'true' }, none: { tlsAllowInvalidCertificates: 'true' } }
  const secured = { ...parameters, tls: String(tls !== null), ...(tls === null ? {} : verify[tls.verify]) }
  return `${startOf(service, userinfoOf(username, password))}${restOf(service, secured)}`
}

function startOf({ isSrv, hosts }: MongodbService, userinfo = ''): string {
  const authority = hosts.map(({ host, port }) => authorityOf({ host, port: isSrv ? null : port })).join(',')
  return `mongodb${isSrv ? '+srv' : ''}://${userinfo}${authority}`
}

function restOf({ database }: MongodbService, parameters: Readonly<Record<string, string>>): string {
  const query = Object.entries(parameters).map(([name, value]) => `${encode(name)}=${encode(value)}`)
  return `/${encode(database ?? '')}${query.length === 0 ? '' : `?${query.join('&')}`}`
}
