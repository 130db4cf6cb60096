import { commonOptions } from './common-options.js'
import type { OptionSpec, OptionSpecs } from './option-specs.js'
import { type Verb, type VerbEntry, verbGroups } from './verb.js'

/** The help of `osb` itself: every verb by group, what all take, and the exit codes. */
export function generalHelp(verbs: readonly VerbEntry[]): string {
  const names = verbs.map(({ name, aliases }) => [name, ...aliases].join(', '))
  const width = Math.max(...names.map(({ length }) => length))
  const groups = verbGroups.flatMap((group) => {
    const own = verbs.flatMap((verb, at) =>
      verb.group === group ? [`  ${(names[at] ?? '').padEnd(width)}  ${verb.summary}`] : [],
    )
    return own.length === 0 ? [] : [group, ...own, '']
  })
  return [
    'osb: what a platform does for services, on this machine, against any broker',
    '',
    '  osb VERB [ARGUMENTS] [OPTIONS]     osb help VERB     osb --version',
    '',
    ...groups,
    'Options of every verb',
    ...optionLines(commonOptions),
    '',
    'Exit codes',
    '  0    fine',
    '  1    the broker refused, the operation failed, or a check found something',
    '  2    the command line is wrong',
    '  3    what was named is not there, or is in a state that forbids this',
    '  4    the broker gave no answer, or none to the specification',
    '  5    the time was over before the operation was; it goes on',
    '  127  run: the command cannot be started; otherwise run ends as its command does',
    '  130  interrupted (128 and the number of the signal)',
    '',
    'State is kept in OSB_HOME, else in osb below XDG_STATE_HOME, else in ~/.local/state/osb; its user alone can read it.',
    '',
  ].join('\n')
}

/** How one verb is used. */
export function verbHelp({ name, aliases, summary }: VerbEntry, verb: Verb): string {
  const own = Object.keys(verb.options).length > 0
  const words = [`osb ${name}`, verb.arguments, own ? '[OPTIONS]' : '', verb.takesCommand ? '-- COMMAND [ARG…]' : '']
  return [
    `osb ${name}: ${summary}`,
    '',
    `  ${words.filter((word) => word !== '').join(' ')}`,
    ...(aliases.length > 0 ? [`  short: ${aliases.map((alias) => `osb ${alias}`).join(', ')}`] : []),
    '',
    ...(verb.details === undefined ? [] : [verb.details, '']),
    ...(own ? ['Options', ...optionLines(verb.options), ''] : []),
    'Options of every verb',
    ...optionLines(commonOptions),
    '',
    'Example',
    ...verb.example.split('\n').map((line) => `  ${line}`),
    '',
  ].join('\n')
}

function optionLines(specs: OptionSpecs): string[] {
  const heads = Object.entries(specs).map(([name, spec]) => optionHead(name, spec))
  const width = Math.max(...heads.map(({ length }) => length))
  return Object.values(specs).map(({ help }, at) => `  ${(heads[at] ?? '').padEnd(width)}  ${help}`)
}

function optionHead(name: string, { short, type, value = 'TEXT' }: OptionSpec): string {
  return `${short === undefined ? '   ' : `-${short},`} --${name}${type === 'string' ? ` ${value}` : ''}`
}
