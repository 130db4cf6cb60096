import { mask } from '../mask.js'
import { authorityOf, encode, userinfoOf } from './connection-uri.js'
import { fieldsOf, type CredentialsHolder, type Fields } from './fields.js'
import { findUri, readServer, type ServerAddress, type ServerKind, type ServerService } from './server.js'
import { toTlsOptions, type TlsOptions } from './tls.js'

/** A RabbitMQ service, by AMQP 0-9-1. Logs and JSON show it as `[hidden]`; its fields are plain. */
export interface RabbitmqService extends ServerService {
  /** The virtual host; `/` where nothing is said. */
  readonly vhost: string
}

/** The two arguments of amqplib's `connect`. */
export interface AmqplibOptions {
  readonly url: {
    readonly protocol: 'amqp' | 'amqps'
    readonly hostname: string
    readonly port: number
    readonly username?: string
    readonly password?: string
    /** Encoded: amqplib decodes it, here as in a URL. */
    readonly vhost: string
  }
  readonly socketOptions: TlsOptions | Record<string, never>
}

const rabbitmq: ServerKind = { schemes: /^amqps?$/, defaultPort: 5672, tlsPort: 5671 }

/**
 * Reads the credentials of a RabbitMQ service, whatever their spelling. Of `protocols`, `amqp+ssl` counts when the
 * service says `ssl`, or has nothing else.
 *
 * @throws {VcapError} `INVALID_CREDENTIALS` without a host, or with a port that is none; `CREDHUB_REF`.
 * @example
 * const { url, socketOptions } = toAmqplibOptions(readRabbitmq(services.get({ tag: 'rabbitmq' })))
 * const connection = await amqplib.connect(url, socketOptions)
 */
export function readRabbitmq(service: CredentialsHolder): RabbitmqService {
  const outer = fieldsOf(service)
  const fields = chooseProtocol(outer)
  const uri = findUri(fields, rabbitmq.schemes)
  // Brokers that have no virtual hosts of their own end the URI with a slash, and mean the default.
  const vhost = fields.text('vhost', 'virtualhost') ?? outer.text('vhost', 'virtualhost') ?? (uri?.path || '/')
  return mask({ ...readServer(fields, rabbitmq, uri), vhost })
}

function chooseProtocol(fields: Fields): Fields {
  const protocols = fields.inside('protocols')
  const [plain, secure] = [protocols?.inside('amqp'), protocols?.inside('amqp+ssl', 'amqps')]
  const isSecure = secure !== undefined && (plain === undefined || fields.value('ssl', 'tls') === true)
  return (isSecure ? secure : plain) ?? fields
}

/**
 * Arguments for amqplib.
 *
 * @param address which server. @default the first
 */
export function toAmqplibOptions(service: RabbitmqService, address: ServerAddress = service): AmqplibOptions {
  const { username, password, vhost, tls } = service
  return {
    url: mask({
      protocol: tls === null ? ('amqp' as const) : ('amqps' as const),
      hostname: address.host,
      port: address.port,
      ...(username === null ? {} : { username }),
      ...(password === null ? {} : { password }),
      vhost: encode(vhost),
    }),
    socketOptions: tls === null ? {} : toTlsOptions(tls),
  }
}

/**
 * A connection string; certificates do not fit into it. amqplib decodes a login in it as Latin-1, so use
 * {@link toAmqplibOptions} where it may have other characters. The string is a secret.
 */
export function toAmqpUrl({ host, port, username, password, vhost, tls }: RabbitmqService): string {
  const scheme = tls === null ? 'amqp' : 'amqps'
  return `${scheme}://${userinfoOf(username, password)}${authorityOf({ host, port })}/${encode(vhost)}`
}
