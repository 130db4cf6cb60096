import type { Kysely } from 'kysely'
import { type CellCipher, wrongKey } from '../encryption.js'
import type { Tables } from './tables.js'

/**
 * Notes the key in use, after it was checked that every key used before was given.
 * @throws StoreError `WRONG_KEY`
 */
export async function checkKeys(db: Kysely<Tables>, { keyId, keyIds }: CellCipher): Promise<void> {
  const used = await db.selectFrom('osb_keys').select('key_id').execute()
  const missing = used.find(({ key_id }) => !keyIds.includes(key_id))
  if (missing !== undefined) {
    throw wrongKey(missing.key_id)
  }
  await db
    .insertInto('osb_keys')
    .values({ key_id: keyId })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
