import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

export interface KeyPair {
  readonly key: string
  readonly cert: string
}

export interface Certificates {
  readonly authority: KeyPair
  /** For localhost and 127.0.0.1. */
  readonly server: KeyPair
  readonly client: KeyPair
  /** Signed by nobody but itself. */
  readonly stranger: KeyPair
}

/** Makes an authority and what it signed, by the openssl command. */
export async function makeCertificates(): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'osb-tls-'))
  const make = async (name: string, ...more: string[]): Promise<KeyPair> => {
    const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)]
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', `/CN=${name}`]
    const files = ['-keyout', key, '-out', cert, '-days', '2']
    await execute('openssl', ['req', '-x509', ...kind, ...files, ...more], { timeout: 20_000 })
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') }
  }
  const signed = ['-CA', join(folder, 'authority.pem'), '-CAkey', join(folder, 'authority.key')]
  try {
    const authority = await make('authority')
    const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
    const [server, client] = [await make('server', ...signed, ...names), await make('client', ...signed)]
    return { authority, server, client, stranger: await make('stranger') }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
