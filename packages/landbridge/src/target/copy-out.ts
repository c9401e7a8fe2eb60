import type { PoolClient } from 'pg'
import { to as copyTo } from 'pg-copy-streams'

/** Runs `copy (<query>) to stdout` in binary format and answers the payload, header and trailer included. */
export async function copyOut(tx: PoolClient, query: string): Promise<Buffer> {
  const stream = tx.query(copyTo(`copy (${query}) to stdout with (format binary)`))
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
}
