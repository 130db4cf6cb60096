import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { LocatedEntry } from './bound-service.js'
import { parseJson } from './parse-json.js'
import type { VcapWarning } from './parse-services.js'
import { toPointer } from './pointer.js'
import { readNamedBy } from './sources.js'

const variable = 'SERVICE_BINDING_ROOT'

// Cloud Controller wrote underscores at first; its RFC-0030, the developer docs and its later versions have dashes.
const textAttributes = /^(?:name|label|plan|syslog[-_]drain[-_]url|(?:instance|binding)[-_](?:guid|name))$/
const listAttributes = /^(?:tags|volume[-_]mounts)$/

type Files = ReadonlyMap<string, string>

/**
 * Reads the folders below SERVICE_BINDING_ROOT, one per binding, one file per field, in the order of their names.
 *
 * A folder of Cloud Foundry (it has an instance guid) holds the attributes of VCAP_SERVICES beside the credentials,
 * where objects and arrays are JSON; numbers stay text, as `"3306"` and `3306` are written alike. Any other folder
 * follows servicebinding.io: `type` and `provider`, and all else is credentials, as text.
 *
 * @see https://servicebinding.io/spec/core/1.1.0/#workload-projection
 * @throws {VcapError} `UNREADABLE`; `INVALID_JSON` for an attribute that should be JSON.
 */
export function readBindingFolders(root: string): { entries: LocatedEntry[]; warnings: VcapWarning[] } {
  const entries: LocatedEntry[] = []
  const warnings: VcapWarning[] = []
  for (const folder of list(root, '', 'isDirectory')) {
    const files = readFiles(root, folder)
    const type = files.get('type')?.trim()
    if (type) entries.push(new LocatedEntry(type, toEntry(folder, files, warnings), variable, folder))
    else warn(warnings, 'FOLDER_WITHOUT_TYPE', 'a folder without a type file is no service binding', folder)
  }
  return { entries, warnings }
}

function warn(warnings: VcapWarning[], code: VcapWarning['code'], message: string, ...path: readonly string[]): void {
  warnings.push({ code, message, path: toPointer(path) })
}

function list(root: string, folder: string, isWanted: 'isDirectory' | 'isFile'): string[] {
  const names = readNamedBy(variable, folder || 'the folder', () => readdirSync(join(root, folder)))
  // Kubernetes keeps each generation of the files in a folder of its own, linked as `..data`.
  const shown = names.filter((name) => !name.startsWith('..')).sort()
  return shown.filter((name) => {
    const path = join(folder, name)
    return readNamedBy(variable, path, () => statSync(join(root, path))[isWanted]())
  })
}

function readFiles(root: string, folder: string): Files {
  const names = list(root, folder, 'isFile')
  return new Map(
    names.map((name) => {
      const path = join(folder, name)
      const text = readNamedBy(variable, path, () => readFileSync(join(root, path), 'utf8'))
      return [name, withoutLineEnd(text)]
    }),
  )
}

// Editors and `echo` end a password with a newline that is not part of it; a text of several lines keeps its own.
function withoutLineEnd(text: string): string {
  return text.indexOf('\n') === text.length - 1 ? text.replace(/\r?\n$/, '') : text
}

function toEntry(folder: string, files: Files, warnings: VcapWarning[]): Record<string, unknown> {
  const isCloudFoundry = files.has('instance_guid') || files.has('instance-guid')
  const attributes: [string, unknown][] = [['name', folder]]
  const credentials: [string, unknown][] = []
  for (const [file, text] of files) {
    if (file === 'type') continue
    const isList = listAttributes.test(file)
    let isAttribute = file === 'provider' || (isCloudFoundry && (isList || textAttributes.test(file)))
    // The platform writes an attribute once, with dashes today: the other spelling is a credential.
    if (isAttribute && file.includes('_') && files.has(file.replaceAll('_', '-'))) {
      warn(warnings, 'RESERVED_NAME', 'taken for a credential, as the attribute has dashes', folder, file)
      isAttribute = false
    }
    if (!isAttribute) credentials.push([file, isCloudFoundry ? decodeIfNested(text) : text])
    else {
      const value = isList ? parseJson(text, `${variable}: ${folder}/${file}`) : text
      attributes.push([file.replaceAll('-', '_'), value])
    }
  }
  return Object.fromEntries([...attributes, ['credentials', Object.fromEntries(credentials)]])
}

function decodeIfNested(text: string): unknown {
  if (!/^[[{]/.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
