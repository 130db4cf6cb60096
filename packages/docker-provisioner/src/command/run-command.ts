import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { type AdoptedInstance, adoptInstance } from 'osb-server'
import { formatIssue } from '../broker-file/broker-file-error.js'
import { checkBroker } from '../broker-file/check-broker.js'
import { storedOfferings } from '../broker-file/make-offerings.js'
import { openEngine } from '../broker-file/open-engine.js'
import { openStore } from '../broker-file/open-store.js'
import { type LoadedBrokerFile, readBrokerFile } from '../broker-file/read-broker-file.js'
import { brokerFileJsonSchema } from '../broker-file/schema.js'
import { serveBroker } from '../broker-file/serve-broker.js'
import { knownInstances } from '../operations/known-instances.js'
import type { LostService } from '../operations/lost-service.js'
import { reconcile } from '../operations/reconcile.js'
import { firstFile } from './first-file.js'
import { exportImages, importImages } from './move-images.js'
import { showInstance, showStatus } from './show-status.js'

/** What a command may use of its process. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Resolves when the process is asked to end. */
  readonly untilEnded: () => Promise<unknown>
}

const usage = `docker-broker: a service broker from one file

  docker-broker init      [--config broker.yaml]            write a first file
  docker-broker check     [--config broker.yaml]            find mistakes in it, and what is not as it should be
  docker-broker serve     [--config broker.yaml]            serve until SIGTERM
  docker-broker reconcile [--config broker.yaml] [--adopt] [--remove] [--older-than-minutes 60]
                                                            compare what is on record with the engine; stop the broker
                                                            before if its store is an SQLite file
  docker-broker status    [--config broker.yaml] [INSTANCE] [--lines 20]
                                                            what the engine has; of one instance also its use and log
  docker-broker images export|import FILE [--config broker.yaml]
                                                            carry all images to a host without a registry
  docker-broker schema                                      print the JSON Schema of the file, for editors
`

const minuteMs = 60_000

/** Runs one command. @returns the exit code: 0 good, 1 the file or the service is not, 2 the command line is not */
export async function runCommand(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { out, err } = surroundings
  const parsed = parse(args)
  if (typeof parsed === 'string') {
    err(`${parsed}\n\n${usage}`)
    return 2
  }
  const { command, more, values } = parsed
  if (values.help || command === undefined) {
    out(usage)
    return command === undefined && !values.help ? 2 : 0
  }
  try {
    if (command === 'schema') return print(out, JSON.stringify(brokerFileJsonSchema(), null, 2))
    if (command === 'init') return await init(values.config, out)
    const loaded = await readBrokerFile(values.config, surroundings.environment)
    if (command === 'check') return await check(loaded, values.config, surroundings)
    if (command === 'serve') return await serve(loaded, surroundings)
    if (command === 'status') return await status(loaded, more, Number(values.lines), surroundings)
    if (command === 'images') return await images(loaded, more, out)
    const minutes = Number(values['older-than-minutes'])
    return await compare(loaded, { adopts: values.adopt, remove: values.remove, olderThanMs: minutes * minuteMs }, out)
  } catch (error) {
    err(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}

function parse(args: readonly string[]) {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: 'string', default: 'broker.yaml' },
        adopt: { type: 'boolean', default: false },
        remove: { type: 'boolean', default: false },
        'older-than-minutes': { type: 'string', default: '60' },
        lines: { type: 'string', default: '20' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const [command, ...more] = positionals
    const known = ['init', 'check', 'serve', 'reconcile', 'schema', 'status', 'images']
    if (command !== undefined && !known.includes(command)) return `There is no command ${command}.`
    const most = command === 'images' ? 2 : command === 'status' ? 1 : 0
    if (more.length > most) return `${command} takes no ${more[most]}; the file is named by --config.`
    if (command === 'images' && (more.length < 2 || !['export', 'import'].includes(more[0] ?? '')))
      return 'Write images export FILE or images import FILE.'
    for (const name of ['older-than-minutes', 'lines'] as const)
      if (!/^\d+$/.test(values[name])) return `--${name} must be a whole number.`
    return { command, more, values }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function print(out: Surroundings['out'], text: string): number {
  out(`${text}\n`)
  return 0
}

/** Never over a file that exists. */
async function init(file: string, out: Surroundings['out']): Promise<number> {
  await writeFile(file, firstFile(), { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
    throw new Error(`${file} exists and is left as it is; name another file with --config`)
  })
  return print(out, `${file} is written. Set OSB_PASSWORD and OSB_ENCRYPTION_KEY, then: docker-broker check`)
}

async function check(loaded: LoadedBrokerFile, file: string, { out, err }: Surroundings): Promise<number> {
  const { errors, warnings } = await checkBroker(loaded, openEngine(loaded))
  for (const warning of warnings) out(`warning: ${formatIssue(file, warning)}\n`)
  for (const error of errors) err(`error: ${formatIssue(file, error)}\n`)
  if (errors.length === 0) out(`${file} is good\n`)
  return errors.length === 0 ? 0 : 1
}

async function serve(loaded: LoadedBrokerFile, { out, untilEnded }: Surroundings): Promise<number> {
  const log = (line: Readonly<Record<string, unknown>>) =>
    out(`${JSON.stringify({ time: new Date().toISOString(), level: 'info', ...line })}\n`)
  const running = await serveBroker(loaded, openEngine(loaded), log)
  log({ message: 'listening', url: running.url })
  await untilEnded()
  log({ message: 'ending' })
  await running.close()
  log({ message: 'ended' })
  return 0
}

async function status(
  loaded: LoadedBrokerFile,
  [instance_id]: readonly string[],
  lines: number,
  { out, err }: Surroundings,
): Promise<number> {
  const [engine, print] = [openEngine(loaded), (line: string) => out(`${line}\n`)]
  if (instance_id === undefined) await showStatus(loaded, engine, print)
  else if (!(await showInstance(instance_id, lines, engine, print))) {
    err(`The engine has no service instance ${instance_id}.\n`)
    return 1
  }
  return 0
}

async function images(
  loaded: LoadedBrokerFile,
  [way, file = '']: readonly string[],
  out: Surroundings['out'],
): Promise<number> {
  const move = way === 'export' ? exportImages : importImages
  await move(loaded, openEngine(loaded), file, (line) => out(`${line}\n`))
  return 0
}

async function compare(
  loaded: LoadedBrokerFile,
  { adopts, ...options }: { readonly adopts: boolean; readonly remove: boolean; readonly olderThanMs: number },
  out: Surroundings['out'],
): Promise<number> {
  const store = await openStore(loaded)
  try {
    const known = await knownInstances(store)
    const report = await reconcile(openEngine(loaded), known, {
      ...options,
      ...(adopts && { adopt: (service) => adoptInstance(store, recordOf(service)) }),
      broker: loaded.config.name,
      offerings: storedOfferings(loaded),
    })
    for (const { kind, name } of report.orphans) out(`left behind: ${kind} ${name}\n`)
    for (const { what, instance_id } of report.drifted) out(`${what}: ${instance_id}\n`)
    for (const { instance_id } of report.adopted) out(`adopted: ${instance_id}\n`)
    for (const { kind, name } of report.removed) out(`removed: ${kind} ${name}\n`)
    for (const { resource, error } of report.failures)
      out(`failed: ${resource.kind} ${resource.name}: ${String(error)}\n`)
    out(`${known.length} instances on record, ${report.drifted.length} not as they should be\n`)
    return report.failures.length === 0 ? 0 : 1
  } finally {
    await store.close()
  }
}

/** What a service says of itself, as the broker would have recorded it. */
function recordOf({ version, ...service }: LostService): AdoptedInstance {
  return { ...service, ...(version !== undefined && { maintenance_info: { version } }) }
}
