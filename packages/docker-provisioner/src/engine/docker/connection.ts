import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ProvisionerError } from '../../errors.js'

/** An engine of another host, reached by TLS where both sides show a certificate. */
export interface DockerTcp {
  readonly host: string
  /** Default: 2376. */
  readonly port?: number | undefined
  /** Certificate of the authority that signed the engine's, as PEM. */
  readonly ca: string | Buffer
  /** Certificate of this client, as PEM. */
  readonly cert: string | Buffer
  /** Private key of this client, as PEM. */
  readonly key: string | Buffer
}

export interface ConnectionOptions {
  readonly socketPath?: string | undefined
  readonly tcp?: DockerTcp | undefined
}

/** How dockerode is to connect, and whether the engine's ports are ports of this host. */
export interface Connection {
  /** What dockerode takes; undefined: it finds the socket by itself. */
  readonly options: Readonly<Record<string, unknown>> | undefined
  readonly local: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

const tlsPort = 2376
/** dockerode mixes what it is given with what DOCKER_HOST says; this leaves nothing of the latter. */
const nothing = { host: undefined, port: undefined, protocol: 'http', ca: undefined, cert: undefined, key: undefined }

/**
 * The connection that options or, without any, `DOCKER_HOST`, `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` ask for. Over TCP
 * with client certificates only: whoever reaches an engine is root on its host.
 * @throws ProvisionerError `INVALID_RECIPE` for TCP without certificates, and for certificates that cannot be read
 */
export function connectionOf({ socketPath, tcp }: ConnectionOptions, environment: Environment): Connection {
  if (socketPath !== undefined && tcp) throw invalid('give a socket path or tcp, not both')
  if (tcp) return overTls(tcp)
  if (socketPath !== undefined) return { options: { ...nothing, socketPath }, local: true }
  const host = environment['DOCKER_HOST'] ?? ''
  if (host === '' || /^(unix|npipe):/.test(host)) return { options: undefined, local: true }
  if (host.startsWith('ssh:')) return { options: undefined, local: false }
  return overTls(tcpOfEnvironment(host, environment))
}

function overTls({ host, port = tlsPort, ca, cert, key }: DockerTcp): Connection {
  return { options: { socketPath: undefined, protocol: 'https', host, port, ca, cert, key }, local: false }
}

function tcpOfEnvironment(text: string, environment: Environment): DockerTcp {
  const address = text.includes('://') ? text : `tcp://${text}`
  if (!URL.canParse(address)) throw invalid(`DOCKER_HOST is ${text}; it must be like tcp://docker.example.com:2376`)
  if (!environment['DOCKER_TLS_VERIFY']) {
    throw invalid(
      'DOCKER_HOST names a TCP address without TLS. Whoever reaches it is root on its host: serve it with client ' +
        'certificates, and set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH to the folder of ca.pem, cert.pem and key.pem',
    )
  }
  const folder = environment['DOCKER_CERT_PATH'] ?? join(homedir(), '.docker')
  const read = (name: string) => readCertificate(join(folder, name))
  const { hostname, port } = new URL(address)
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const tls = { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') }
  return { host, ...tls, ...(port !== '' && { port: Number(port) }) }
}

/** @throws ProvisionerError `INVALID_RECIPE` where the file cannot be read */
export function readCertificate(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw invalid(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

function invalid(what: string): ProvisionerError {
  return new ProvisionerError('INVALID_RECIPE', `Docker connection: ${what}`)
}
