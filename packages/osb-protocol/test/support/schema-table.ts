import { describe, expect, it } from 'vitest'
import type { ZodType } from 'zod'
import { jsonPointer } from '../../src/requirements.js'

/** Schema → bodies that fit it, and bodies that do not with the pointer of what is wrong. */
export type SchemaTable = Record<
  string,
  { readonly schema: ZodType; readonly valid: [string, object][]; readonly invalid: [string, unknown, string][] }
>

/** The tests of each schema of a table. */
export function describeSchemas(table: SchemaTable): void {
  describe.each(Object.entries(table))('%s', (_name, { schema, valid, invalid }) => {
    it.each(valid)('takes %s', (_what, body) => {
      expect(schema.parse(body)).toEqual(body)
    })

    it.each(valid)('EXT-03, EXT-04: keeps an unknown field beside %s', (_what, body) => {
      const extended = { ...body, 'x-vendor': { deep: [null] } }
      expect(schema.parse(extended)).toEqual(extended)
    })

    it.each(invalid)('refuses %s', (_what, body, pointer) => {
      const { error } = schema.safeParse(body)
      expect(error?.issues.map(({ path }) => jsonPointer(path))).toContain(pointer)
    })
  })
}
