import { readFileSync } from 'node:fs'
import { VcapError } from '../errors.js'
import { parseDump, type VcapDump } from './parse-dump.js'

/**
 * {@link parseDump} of a file, for local work: `default-env.json`, a dotenv file, the saved output of `cf env`.
 *
 * @throws {VcapError} `UNREADABLE`, and what {@link parseDump} throws.
 * @example
 * const { env } = readDumpFile('default-env.json')
 * const services = readVcapServices({ env: { ...env, ...process.env } })
 */
export function readDumpFile(path: string | URL): VcapDump {
  let bytes
  try {
    bytes = readFileSync(path)
  } catch (error) {
    // Neither the path nor a cause: people put the document itself where its path belongs.
    throw new VcapError('UNREADABLE', `the file cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
  return parseDump(bytes)
}
