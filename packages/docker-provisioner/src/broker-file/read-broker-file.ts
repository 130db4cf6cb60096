import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { BrokerFileError, type FileIssue } from './broker-file-error.js'
import { type BrokerFile, brokerFileSchema } from './schema.js'

type Path = readonly PropertyKey[]
type Environment = Readonly<Record<string, string | undefined>>

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g
const longestFile = 1024 * 1024

/** A broker's file with its secrets, and the folder that paths in it are relative to. */
export interface LoadedBrokerFile {
  readonly config: BrokerFile
  readonly password: string
  readonly encryptionKey: string
  /** A path of the file as an absolute one. */
  readonly path: (relative: string) => string
  /** Says something of a part of the file, such as `offerings.0.image`, with its line, or that of what is around it. */
  readonly issue: (path: string, message: string) => FileIssue
}

/**
 * Reads a broker's YAML file. `${NAME}` in a text is a variable of the environment, or the content of the file that
 * `NAME_FILE` names; secrets may be given by files.
 * @throws BrokerFileError with every mistake and its line
 */
export async function readBrokerFile(file: string, environment: Environment): Promise<LoadedBrokerFile> {
  const text = await readText(file)
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter })
  const place = placeIn(document, lineCounter)
  const syntax = document.errors.map(({ pos, message }) => {
    const { line, col: column } = lineCounter.linePos(pos[0])
    return { path: '', line, column, message: message.split('\n')[0]?.replace(/ at line .*$/, '') ?? message }
  })
  if (syntax.length > 0) throw new BrokerFileError(file, syntax)

  const missing: FileIssue[] = []
  const data = substitute(document.toJS({ maxAliasCount: 100 }), [], (path, name) => {
    const value = variableOf(environment, name)
    if (typeof value === 'string') return value
    missing.push({ ...place(path), message: value.message })
    return ''
  })
  if (missing.length > 0) throw new BrokerFileError(file, missing)

  const parsed = brokerFileSchema.safeParse(data)
  if (!parsed.success)
    throw new BrokerFileError(
      file,
      parsed.error.issues.flatMap((issue) => toIssues(issue, place)),
    )
  const path = (relative: string) => resolve(dirname(file), relative)
  const config = parsed.data
  const issue = (at: string, message: string): FileIssue => ({ ...place(at.split('.').map(toKey)), message })
  const fail = (at: string, message: string) => new BrokerFileError(file, [issue(at, message)])
  return {
    config,
    path,
    issue,
    password: await secret(config.login, 'password', 'login.', path, fail),
    encryptionKey: await secret(config, 'encryptionKey', '', path, fail),
  }
}

/** A variable's value, or what the file holds that `NAME_FILE` names, as secrets of containers and of systemd come. */
function variableOf(environment: Environment, name: string): string | { readonly message: string } {
  const [value, file] = [environment[name], environment[`${name}_FILE`]]
  if (value !== undefined) return value
  if (file === undefined) return { message: `the environment has no variable ${name} and no ${name}_FILE` }
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    return { message: `the file that ${name}_FILE names cannot be read (${(error as NodeJS.ErrnoException).code})` }
  }
}

async function readText(file: string): Promise<string> {
  try {
    const text = await readFile(file, 'utf8')
    if (text.length <= longestFile) return text
  } catch (error) {
    const message = `it cannot be read (${(error as NodeJS.ErrnoException).code})`
    throw new BrokerFileError(file, [{ path: '', line: 0, column: 0, message }])
  }
  throw new BrokerFileError(file, [{ path: '', line: 0, column: 0, message: `it is longer than ${longestFile} bytes` }])
}

/** Items of lists are found by numbers only. */
function toKey(name: string): string | number {
  return /^\d+$/.test(name) ? Number(name) : name
}

/** Finds the place of a part, or of the nearest part around it that the file has. */
function placeIn(document: Document, lineCounter: LineCounter) {
  return (path: Path): Omit<FileIssue, 'message'> => {
    const name = path.map(String).join('.')
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true)
      if (!isNode(node) || !node.range) continue
      const { line, col: column } = lineCounter.linePos(node.range[0])
      return { path: name, line, column }
    }
    return { path: name, line: 1, column: 1 }
  }
}

function substitute(value: unknown, path: Path, valueOf: (path: Path, name: string) => string): unknown {
  if (typeof value === 'string') return value.replace(variable, (_, name: string) => valueOf(path, name))
  if (Array.isArray(value)) return value.map((item, index) => substitute(item, [...path, index], valueOf))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, substitute(item, [...path, key], valueOf)]),
  )
}

/** Of a choice that fits nowhere the complaints of the alternative that came furthest are the useful ones. */
function toIssues(
  issue: z.core.$ZodIssue,
  place: (path: Path) => Omit<FileIssue, 'message'>,
  base: Path = [],
): FileIssue[] {
  const path = [...base, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ ...place([...path, key]), message: 'there is no such setting' }))
  }
  const [nearest] =
    issue.code === 'invalid_union' ? [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length) : []
  if (nearest && depth(nearest) > 0) return nearest.flatMap((inner) => toIssues(inner, place, path))
  return [{ ...place(path), message: issue.message }]
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map(({ path, code }) => path.length + (code === 'unrecognized_keys' ? 1 : 0)))
}

async function secret<Name extends 'password' | 'encryptionKey'>(
  part: { readonly [Key in Name | `${Name}File`]?: string | undefined },
  name: Name,
  prefix: string,
  path: (relative: string) => string,
  fail: (at: string, message: string) => BrokerFileError,
): Promise<string> {
  const [given, file] = [part[name], part[`${name}File`]]
  if (given !== undefined && file !== undefined) throw fail(`${prefix}${name}`, `give it or ${name}File, not both`)
  if (given !== undefined) return given
  if (file === undefined) throw fail(`${prefix}${name}`, `give it, or ${name}File`)
  try {
    return (await readFile(path(file), 'utf8')).trim()
  } catch (error) {
    throw fail(`${prefix}${name}File`, `the file cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}
