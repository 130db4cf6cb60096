import type { Surroundings } from './surroundings.js'
import type { CommonValues } from './common-options.js'
import type { OptionSpecs, ValuesOf } from './option-specs.js'

/** What a verb gets: its command line, taken apart, and the process around it. */
export interface VerbContext<Values = unknown> extends Surroundings {
  /** The words of the command line that are no options; their number fits `arguments` of the verb. */
  readonly args: readonly string[]
  /** What stood behind `--`. */
  readonly command: readonly string[]
  readonly values: Values & CommonValues
  /** All verbs that there are. */
  readonly verbs: readonly VerbEntry[]
  /** A remark beside the result, as a line of its own; on the error output, so that pipes get results only. */
  note(line: string): void
}

/** What a verb has to show. */
export interface Shown {
  /** What `--json` prints; documented, and kept by a snapshot test. */
  readonly json: unknown
  /** The same for people, its last line break included. */
  readonly text: string
  /** @default 0 */
  readonly exitCode?: number | undefined
}

/** One verb of `osb`, in a file of its own that is imported when it is used. */
export interface Verb {
  /** Its words: `NAME [PASSWORD] FILE…`; brackets for what may be left out, dots for what may be repeated. */
  readonly arguments: string
  readonly options: OptionSpecs
  /** More than the summary, where that is needed: whole sentences. */
  readonly details?: string | undefined
  /** Command lines, one each line. */
  readonly example: string
  /** Whether a command stands behind `--`. */
  readonly takesCommand?: boolean | undefined
  run(context: VerbContext): Promise<Shown>
}

export const verbGroups = ['Brokers and catalogs', 'Instances', 'Bindings', 'Apps', 'This command'] as const
export type VerbGroup = (typeof verbGroups)[number]

/** A verb in the table: all that must be known before it is imported. */
export interface VerbEntry {
  readonly name: string
  readonly aliases: readonly string[]
  /** The heading that it stands under in the help. */
  readonly group: VerbGroup
  /** What it does, in a few words. */
  readonly summary: string
  readonly load: () => Promise<{ readonly verb: Verb }>
}

/** The verb with this name or alias. */
export function findVerb(verbs: readonly VerbEntry[], name: string): VerbEntry | undefined {
  return verbs.find((verb) => verb.name === name || verb.aliases.includes(name))
}

/** Makes a verb whose `run` knows the types of its options. */
export function defineVerb<const Specs extends OptionSpecs>(
  verb: Omit<Verb, 'options' | 'run'> & {
    readonly options: Specs
    readonly run: (context: VerbContext<ValuesOf<Specs>>) => Promise<Shown>
  },
): Verb {
  return verb
}
