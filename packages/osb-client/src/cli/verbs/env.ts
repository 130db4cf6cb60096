import { composeApplication, composeServices } from '../../platform/app-environment.js'
import { findApp } from '../../platform/find.js'
import { usageError } from '../cli-error.js'
import { maskSecrets } from '../mask.js'
import { defineVerb } from '../verb.js'
import { readState } from '../read-state.js'

const formats = ['table', 'json', 'dotenv', 'shell']

export const verb = defineVerb({
  arguments: 'APP',
  options: { format: { type: 'string', value: 'table|json|dotenv|shell', help: 'how to write it (default: table)' } },
  details:
    'dotenv and shell hold secrets in any case, as they are there to be used, and write nothing to a terminal\nwithout --show-secrets.',
  example: 'osb env shop\nosb env shop --format dotenv > .env',
  async run(context) {
    const { format = 'table' } = context.values
    if (!formats.includes(format))
      throw usageError(`there is no format ${format}`, `Give one of ${formats.join(', ')}.`)
    const state = readState(context)
    const app = findApp(state, context.args[0] ?? '')
    const showsSecrets = context.values['show-secrets'] === true
    const application = composeApplication(state, app)
    const services = composeServices(state, app)
    const VCAP_SERVICES = showsSecrets ? services : maskServices(services)
    const json = { VCAP_APPLICATION: application, VCAP_SERVICES }
    if (format === 'table') return { json, text: formatSections(json) }
    if (format === 'json') return { json, text: `${JSON.stringify(json, undefined, 2)}\n` }
    if (context.stdout.isTTY === true && !showsSecrets)
      throw usageError(
        `--format ${format} would show secrets on the terminal`,
        'Send it to a file, or add --show-secrets.',
      )
    const variables = { VCAP_APPLICATION: JSON.stringify(application), VCAP_SERVICES: JSON.stringify(services) }
    const quote = format === 'shell' ? shellLine : dotenvLine
    return { json, text: Object.entries(variables).map(quote).join('') }
  },
})

function maskServices(services: ReturnType<typeof composeServices>): object {
  return Object.fromEntries(
    Object.entries(services).map(([label, entries]) => [
      label,
      entries.map((entry) => ({
        ...entry,
        credentials: maskSecrets(entry.credentials),
        // Drains have their token in the URL.
        syslog_drain_url: maskSecrets(entry.syslog_drain_url),
      })),
    ]),
  )
}

function formatSections(sections: Readonly<Record<string, unknown>>): string {
  return Object.entries(sections)
    .map(([name, value]) => `${name}: ${JSON.stringify(value, undefined, 2)}\n`)
    .join('\n')
}

function shellLine([name, value]: [string, string]): string {
  return `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`
}

/** JSON holds no line breaks; what is between single quotes most readers of dotenv files leave as it is. */
function dotenvLine([name, value]: [string, string]): string {
  return `${name}='${value.replaceAll("'", String.raw`\u0027`)}'\n`
}
