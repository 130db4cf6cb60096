import { readFileSync } from 'node:fs'
import { isFault, parseDump, type VcapDump } from '../dump.js'
import { isVcapError, readVcapServices, VcapError, type Environment, type VcapServices } from '../index.js'
import { parseArguments, type Command } from './arguments.js'
import { checkText } from './check-text.js'
import { execute } from './execute.js'
import { formatService, formatTable } from './format.js'
import { exitCodes, help, UsageError } from './usage.js'

/** What a command uses of its process. */
export interface Surroundings {
  readonly env: Environment
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
}

/**
 * Runs the command `vcap`.
 *
 * @returns its exit code
 */
export async function runVcap(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr } = surroundings
  try {
    return await run(parseArguments(args), surroundings)
  } catch (error) {
    if (error instanceof UsageError) {
      stderr(`vcap: ${error.message}\n`)
      stdout(help)
      return exitCodes.usage
    }
    if (!isVcapError(error)) throw error
    stderr(`vcap: ${error.code}: ${error.message}\n`)
    return ['NO_MATCH', 'AMBIGUOUS', 'INVALID_CREDENTIALS', 'CREDHUB_REF'].includes(error.code)
      ? exitCodes.no
      : exitCodes.unreadable
  }
}

async function run(command: Command, surroundings: Surroundings): Promise<number> {
  const { env, stdout, stderr } = surroundings
  switch (command.name) {
    case 'help':
      stdout(help)
      return exitCodes.fine
    case 'show':
      stdout(formatTable(readServices(command.from, surroundings)))
      return exitCodes.fine
    case 'get': {
      const services = readServices(command.from, surroundings)
      stdout(get(services, command.service, command.path))
      return exitCodes.fine
    }
    case 'check': {
      const { notes, findings } = checkText(readBytes(command.file))
      const lines = [...notes.map((note) => `note: ${note}`), ...findings]
      stdout(lines.map((line) => `${line}\n`).join(''))
      stdout(findings.length === 0 ? 'nothing to complain about\n' : `${findings.length} to complain about\n`)
      return findings.length === 0 ? exitCodes.fine : exitCodes.no
    }
    case 'exec': {
      const dump = readDump(command.from)
      return execute(command.command, envFor(dump, env, command.all), stderr)
    }
  }
}

function readServices(from: string | undefined, { env, stderr }: Surroundings): VcapServices {
  if (from === undefined) return readVcapServices({ env })
  const { env: found, repairs } = readDump(from)
  const faults = repairs.filter(isFault).length
  if (faults > 0) stderr(`vcap: repaired ${faults} ${faults === 1 ? 'fault' : 'faults'}; "vcap check" lists them\n`)
  return readVcapServices({ env: found })
}

function get(services: VcapServices, name: string, path: string | undefined): string {
  if (path === undefined) return formatService(services.get(name))
  const value = services.credentials(name, undefined, path)
  const plain = typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : value
  return `${typeof plain === 'string' ? plain : JSON.stringify(plain, null, 2)}\n`
}

/** The platform's variables replace those that are set, and any that would be asked before them. */
function envFor({ env: found }: VcapDump, env: Environment, all: boolean): Environment {
  const { VCAP_SERVICES, VCAP_APPLICATION, ...others } = found
  const { VCAP_SERVICES_FILE_PATH: _file, SERVICE_BINDING_ROOT: _root, ...kept } = env
  const vcap = Object.fromEntries(
    Object.entries({ VCAP_SERVICES, VCAP_APPLICATION }).filter(([, value]) => value !== undefined),
  )
  return { ...(all ? others : {}), ...(VCAP_SERVICES === undefined ? env : kept), ...vcap }
}

function readDump(file: string): VcapDump {
  return parseDump(readBytes(file))
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file === '-' ? 0 : file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new VcapError('UNREADABLE', `${file === '-' ? 'the standard input' : file} cannot be read (${code})`)
  }
}
