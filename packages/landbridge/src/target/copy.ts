import type { PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { identifierList, tableName } from './identifier.ts'

/**
 * Sends one complete COPY BINARY payload (header and trailer included) and answers how many rows landed. A refused
 * COPY leaves the connection usable and the transaction failed.
 */
export async function copyBinary(
  tx: PoolClient,
  table: { name: string; schema?: string },
  columns: readonly string[],
  payload: Uint8Array,
): Promise<number> {
  const stream = tx.query(
    copyFrom(`copy ${tableName(table)} (${identifierList(columns)}) from stdin with (format binary)`),
  )
  await new Promise<void>((resolve, reject) => {
    stream.once('error', reject)
    stream.once('finish', () => resolve())
    stream.end(payload)
  })
  return stream.rowCount
}
