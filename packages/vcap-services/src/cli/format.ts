import type { BoundService, VcapServices } from '../index.js'

const titles = ['name', 'label', 'plan', 'tags', 'instance', 'credentials']

/** A table of services, with the fields of their credentials and none of the values. */
export function formatTable({ all, source, warnings }: VcapServices): string {
  const rows = all.map((service) => [
    service.name ?? '-',
    service.label,
    service.plan ?? '-',
    service.tags.join(' ') || '-',
    service.instance_name ?? '-',
    fieldsOf(service).join(' ') || '-',
  ])
  const table = [titles, ...rows].map((row) => row.map(printable))
  const widths = titles.map((_title, column) => Math.max(...table.map((row) => (row[column] ?? '').length)))
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const notes = warnings.map(({ code, message, path }) => `${code} ${path}: ${message}`)
  return [...(all.length === 0 ? ['no services'] : lines), `source: ${source.from}`, ...notes, ''].join('\n')
}

/** One service as JSON, each credential as `[hidden]`. */
export function formatService(service: BoundService): string {
  return `${JSON.stringify(Object.assign({}, service, { credentials: masked({ ...service.credentials }) }), null, 2)}\n`
}

/** The same shape, without the values. */
function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked)
  if (typeof value !== 'object' || value === null) return value === null ? null : '[hidden]'
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, masked(inner)]))
}

function fieldsOf(service: BoundService): string[] {
  const { credentials } = service.entry
  return typeof credentials === 'object' && credentials !== null ? Object.keys(credentials) : []
}

/** Nothing that moves the cursor or colours the rest. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ')
}
