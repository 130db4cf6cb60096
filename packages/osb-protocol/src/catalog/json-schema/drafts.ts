/** The drafts of JSON Schema that can be read, oldest first. */
export const drafts = ['4', '6', '7', '2019-09', '2020-12'] as const
export type Draft = (typeof drafts)[number]

export const draft04Uri = 'http://json-schema.org/draft-04/schema#'

const uris: Readonly<Record<string, Draft>> = {
  'json-schema.org/draft-04/schema': '4',
  'json-schema.org/draft-06/schema': '6',
  'json-schema.org/draft-07/schema': '7',
  'json-schema.org/draft/2019-09/schema': '2019-09',
  'json-schema.org/draft/2020-12/schema': '2020-12',
}

/** The draft that a `$schema` names; undefined when it is none of those that can be read. */
export function draftOf($schema: unknown): Draft | undefined {
  if (typeof $schema !== 'string') return undefined
  const name = $schema.replace(/^https?:\/\//, '').replace(/#$/, '')
  return Object.hasOwn(uris, name) ? uris[name] : undefined
}
