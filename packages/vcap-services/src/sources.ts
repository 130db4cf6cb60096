import { VcapError } from './errors.js'

/** The variables that can hold or name bound services, in the order in which they are asked. */
export const sourceVariables = ['VCAP_SERVICES_FILE_PATH', 'SERVICE_BINDING_ROOT', 'VCAP_SERVICES'] as const

export type SourceVariable = (typeof sourceVariables)[number]

/** Environment variables, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Where services were read. Sources are never merged. */
export interface VcapSource {
  /** `value` for the option of that name, else the variable. */
  readonly from: 'value' | SourceVariable
  /** The file or folder, when the variable names one. */
  readonly path?: string
  /** Other variables that were set and not read. */
  readonly alsoSet: readonly SourceVariable[]
}

/**
 * The source variables that are set, each with its text; a blank one is not, as shells and compose files write "unset"
 * that way. Each is read once, because a read of `process.env` copies the text.
 */
export function setVariables(env: Environment): [SourceVariable, string][] {
  const set: [SourceVariable, string][] = []
  for (const variable of sourceVariables) {
    const text = env[variable]
    if (text !== undefined && text.trim() !== '') set.push([variable, text])
  }
  return set
}

/** The error where none of them is set. */
export function notSet(): VcapError {
  return new VcapError('NOT_SET', `none of ${sourceVariables.join(', ')} is set`)
}

/**
 * Reads something that a variable names. The error does not quote the path, because people put the document itself
 * where its path belongs; for the same reason it has no cause.
 *
 * @throws {VcapError} `UNREADABLE`.
 */
export function readNamedBy<Content>(variable: SourceVariable, what: string, read: () => Content): Content {
  try {
    return read()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new VcapError('UNREADABLE', `${variable} is set, but ${what} cannot be read (${code})`)
  }
}
